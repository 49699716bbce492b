SELECT s.IPAddress, toInt64(count()), toInt64(uniqExact(s.UserPrincipalName)),
  toJSONString(groupUniqArray(s.AppDisplayName))
FROM events.SigninLogs AS s
INNER JOIN
(
  SELECT IPAddress, uniqExact(UserPrincipalName) AS users, max(TimeGenerated) AS last_failure
  FROM events.SigninLogs
  WHERE ResultType IN ('50126', '50053')
  GROUP BY IPAddress
  HAVING users > 5
) AS f ON s.IPAddress = f.IPAddress
WHERE s.ResultType = '0' AND s.TimeGenerated >= f.last_failure - INTERVAL 2 DAY AND s.TimeGenerated <= f.last_failure
GROUP BY s.IPAddress
