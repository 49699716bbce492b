SELECT AppDisplayName, ClientAppUsed, quantile_disc(ProcessingTimeInMilliseconds, [0.5, 0.95, 0.99]),
  avg(ProcessingTimeInMilliseconds), count(*)
FROM SigninLogs
WHERE TimeGenerated > '2024-05-26'
GROUP BY ALL
