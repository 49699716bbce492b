WITH signins AS
(
  SELECT UserPrincipalName, Location, time_bucket(INTERVAL 1 HOUR, TimeGenerated) AS hour, count(*) AS sign_ins
  FROM SigninLogs
  WHERE TimeGenerated > '2024-06-05' AND ResultType = '0'
  GROUP BY ALL
)
SELECT a.Location, b.Location, count(*), count(DISTINCT a.UserPrincipalName), sum(a.sign_ins + b.sign_ins)
FROM signins AS a
JOIN signins AS b ON a.UserPrincipalName = b.UserPrincipalName AND a.hour = b.hour AND a.Location != b.Location
GROUP BY a.Location, b.Location
