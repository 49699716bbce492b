WITH signins AS
(
  SELECT UserPrincipalName, Location, toStartOfHour(TimeGenerated) AS hour, count() AS sign_ins
  FROM events.SigninLogs
  WHERE TimeGenerated > toDateTime64('2024-06-05 00:00:00', 7, 'UTC') AND ResultType = '0'
  GROUP BY UserPrincipalName, Location, hour
)
SELECT a.Location, b.Location, toInt64(count()), toInt64(uniqExact(a.UserPrincipalName)),
  toInt64(sum(a.sign_ins + b.sign_ins))
FROM signins AS a
INNER JOIN signins AS b ON a.UserPrincipalName = b.UserPrincipalName AND a.hour = b.hour
WHERE a.Location != b.Location
GROUP BY a.Location, b.Location
