SELECT site, domain, extension, toInt64(count()), toInt64(uniqExact(UserId))
FROM
(
  SELECT UserId, extractGroups(OfficeObjectId, '^.*?/sites/(.*?)/(.*)$') AS parts, parts[1] AS site,
    regexpExtract(UserId, '@([^.]+)\\.', 1) AS domain, lower(regexpExtract(parts[2], '\\.(\\w+)$', 1)) AS extension
  FROM events.OfficeActivity
  WHERE TimeGenerated > toDateTime64('2024-06-10 00:00:00', 7, 'UTC') AND startsWith(lower(Operation), 'file')
)
GROUP BY site, domain, extension
