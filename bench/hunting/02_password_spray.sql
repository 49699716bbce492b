SELECT IPAddress, toInt64(count()), toInt64(max(users)), toInt64(sum(attempts))
FROM
(
  SELECT IPAddress, toStartOfHour(TimeGenerated) AS hour, uniqExact(UserPrincipalName) AS users, count() AS attempts,
    groupUniqArray(20)(AppDisplayName) AS applications
  FROM events.SigninLogs
  WHERE TimeGenerated > toDateTime64('2024-06-01 00:00:00', 7, 'UTC') AND ResultType = '50126'
  GROUP BY IPAddress, hour
  HAVING users > 5
)
GROUP BY IPAddress
