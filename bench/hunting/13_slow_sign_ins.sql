SELECT AppDisplayName, ClientAppUsed, sorted[toUInt64(ceil(0.5 * n))], sorted[toUInt64(ceil(0.95 * n))],
  sorted[toUInt64(ceil(0.99 * n))], average, toInt64(n)
FROM
(
  SELECT AppDisplayName, ClientAppUsed, arraySort(groupArray(assumeNotNull(ProcessingTimeInMilliseconds))) AS sorted,
    avg(ProcessingTimeInMilliseconds) AS average, count() AS n
  FROM events.SigninLogs
  WHERE TimeGenerated > toDateTime64('2024-05-26 00:00:00', 7, 'UTC')
  GROUP BY AppDisplayName, ClientAppUsed
)
