SELECT UserAgent, Location, toInt64(count()), toInt64(uniqExact(UserPrincipalName)), (reinterpretAsInt64(max(TimeGenerated)) + 621355968000000000)
FROM events.SigninLogs
WHERE TimeGenerated > toDateTime64('2024-05-16 00:00:00', 7, 'UTC') AND UserAgent NOT IN
(
  SELECT UserAgent
  FROM events.SigninLogs
  WHERE TimeGenerated BETWEEN toDateTime64('2024-05-16 00:00:00', 7, 'UTC') AND toDateTime64('2024-06-14 00:00:00', 7, 'UTC')
  GROUP BY UserAgent
  HAVING count() > 50
)
GROUP BY UserAgent, Location
