SELECT IPAddress, count(*), max(users), sum(attempts)
FROM
(
  SELECT IPAddress, time_bucket(INTERVAL 1 HOUR, TimeGenerated) AS hour, count(DISTINCT UserPrincipalName) AS users,
    count(*) AS attempts
  FROM SigninLogs
  WHERE TimeGenerated > '2024-06-01' AND ResultType = '50126'
  GROUP BY ALL
  HAVING users > 5
)
GROUP BY IPAddress
