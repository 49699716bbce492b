SELECT toInt64(count()), toInt64(sum(activities)), toInt64(sum(sign_ins)), toInt64(max(users))
FROM
(
  SELECT address, countIf(source = 'signin') AS sign_ins, countIf(source = 'activity') AS activities,
    uniqExact(user) AS users
  FROM
  (
    SELECT TimeGenerated, UserPrincipalName AS user, IPAddress AS address, 'signin' AS source
    FROM events.SigninLogs
    WHERE ResultType = '0' AND TimeGenerated > toDateTime64('2024-06-03 00:00:00', 7, 'UTC')
    UNION ALL
    SELECT TimeGenerated, UserId, ClientIP, 'activity'
    FROM events.OfficeActivity
    WHERE ResultStatus != 'Failed' AND TimeGenerated > toDateTime64('2024-06-03 00:00:00', 7, 'UTC')
  )
  GROUP BY address
  HAVING (sign_ins = 0 AND activities > 1) OR users > 20
)
