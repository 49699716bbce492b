SELECT (reinterpretAsInt64(window) + 621355968000000000), UserPrincipalName, IPAddress, toInt64(failures), toJSONString(codes),
  (reinterpretAsInt64(first) + 621355968000000000), (reinterpretAsInt64(last) + 621355968000000000)
FROM
(
  SELECT UserPrincipalName, IPAddress, toStartOfInterval(TimeGenerated, INTERVAL 10 MINUTE)::DateTime64(7, 'UTC') AS window,
    count() AS failures, groupUniqArray(ResultType) AS codes, min(TimeGenerated) AS first, max(TimeGenerated) AS last
  FROM events.SigninLogs
  WHERE ResultType IN ('50126', '50053')
  GROUP BY UserPrincipalName, IPAddress, window
  HAVING failures >= 3
)
ORDER BY failures DESC, UserPrincipalName, IPAddress, window
LIMIT 200
