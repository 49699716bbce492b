SELECT s.IPAddress, count(*), count(DISTINCT s.UserPrincipalName), list(DISTINCT s.AppDisplayName)
FROM SigninLogs AS s
JOIN
(
  SELECT IPAddress, count(DISTINCT UserPrincipalName) AS users, max(TimeGenerated) AS last_failure
  FROM SigninLogs
  WHERE ResultType IN ('50126', '50053')
  GROUP BY IPAddress
  HAVING users > 5
) AS f ON s.IPAddress = f.IPAddress
WHERE s.ResultType = '0' AND s.TimeGenerated BETWEEN f.last_failure - INTERVAL 2 DAY AND f.last_failure
GROUP BY s.IPAddress
