SELECT day, count(*), sum(failures), sum(slow), sum(risky)
FROM
(
  SELECT strftime(TimeGenerated, '%Y-%m-%d') AS day, concat(Location, '/', AutonomousSystemNumber) AS network,
    count(*) FILTER (ResultType != '0') AS failures,
    sum(ProcessingTimeInMilliseconds) FILTER (ProcessingTimeInMilliseconds > 1000) AS slow,
    count(*) FILTER (RiskLevelDuringSignIn != '') AS risky, count(DISTINCT UserPrincipalName) AS users
  FROM SigninLogs
  WHERE TimeGenerated > '2024-05-26'
  GROUP BY ALL
  HAVING failures > 20
)
GROUP BY day
