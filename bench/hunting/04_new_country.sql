SELECT Location, toInt64(uniqExact(UserPrincipalName)), toInt64(sum(sign_ins)), (reinterpretAsInt64(min(first)) + 621355968000000000)
FROM
(
  SELECT UserPrincipalName, Location, min(TimeGenerated) AS first, groupUniqArray(100)(IPAddress) AS addresses,
    count() AS sign_ins
  FROM events.SigninLogs
  WHERE TimeGenerated > toDateTime64('2024-06-13 00:00:00', 7, 'UTC') AND ResultType = '0'
  GROUP BY UserPrincipalName, Location
) AS now
LEFT ANTI JOIN
(
  SELECT DISTINCT UserPrincipalName, Location
  FROM events.SigninLogs
  WHERE TimeGenerated BETWEEN toDateTime64('2024-05-16 00:00:00', 7, 'UTC') AND toDateTime64('2024-06-13 00:00:00', 7, 'UTC')
    AND ResultType = '0'
) AS history ON now.UserPrincipalName = history.UserPrincipalName AND now.Location = history.Location
GROUP BY Location
