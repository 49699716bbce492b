SELECT toInt64(count()), toInt64(sum(reads)), toInt64(max(files)), sum(bytes)
FROM
(
  SELECT UserId, uniqExact(SourceFileName) AS files, count() AS reads, sum(SizeInBytes) AS bytes
  FROM events.OfficeActivity
  WHERE Operation IN ('FileDownloaded', 'FileAccessed') AND hasTokenCaseInsensitive(SourceFileName, 'passwords')
    AND positionCaseInsensitive(OfficeObjectId, '/finance') > 0
  GROUP BY UserId
  HAVING reads > 2
)
