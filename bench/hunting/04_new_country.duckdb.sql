SELECT Location, count(DISTINCT UserPrincipalName), sum(sign_ins), min(first)
FROM
(
  SELECT UserPrincipalName, Location, min(TimeGenerated) AS first, count(*) AS sign_ins
  FROM SigninLogs
  WHERE TimeGenerated > '2024-06-13' AND ResultType = '0'
  GROUP BY ALL
) AS now
ANTI JOIN
(
  SELECT DISTINCT UserPrincipalName, Location
  FROM SigninLogs
  WHERE TimeGenerated BETWEEN '2024-05-16' AND '2024-06-13' AND ResultType = '0'
) AS history USING (UserPrincipalName, Location)
GROUP BY Location
