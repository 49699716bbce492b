SELECT count(*), sum(activities), sum(sign_ins), max(users)
FROM
(
  SELECT address, count(*) FILTER (source = 'signin') AS sign_ins, count(*) FILTER (source = 'activity') AS activities,
    count(DISTINCT user) AS users
  FROM
  (
    SELECT UserPrincipalName AS user, IPAddress AS address, 'signin' AS source
    FROM SigninLogs
    WHERE ResultType = '0' AND TimeGenerated > '2024-06-03'
    UNION ALL
    SELECT UserId, ClientIP, 'activity'
    FROM OfficeActivity
    WHERE ResultStatus != 'Failed' AND TimeGenerated > '2024-06-03'
  )
  GROUP BY address
  HAVING (sign_ins = 0 AND activities > 1) OR users > 20
)
