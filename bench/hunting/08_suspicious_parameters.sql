SELECT Operation, toInt64(count()), toInt64(sum(rules)), (reinterpretAsInt64(max(last)) + 621355968000000000)
FROM
(
  SELECT UserId, Operation, count() AS rules, uniqExact(ClientIP) AS addresses, max(TimeGenerated) AS last,
    groupUniqArray(50)(Parameters) AS texts
  FROM events.OfficeActivity
  WHERE hasTokenCaseInsensitive(Parameters, 'ForwardTo') OR hasTokenCaseInsensitive(Parameters, 'RedirectTo')
    OR hasTokenCaseInsensitive(Parameters, 'ForwardingSmtpAddress') OR hasTokenCaseInsensitive(Parameters, 'DeleteMessage')
  GROUP BY UserId, Operation
  HAVING rules > 1
)
GROUP BY Operation
