#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http_server.h"

namespace redoubt::front {

struct FormFile {
  std::string name;
  std::string bytes;
};

struct Form {
  Fields fields;
  std::vector<FormFile> files;
};

/// Names and values of a URL's query.
Fields read_url_query(std::string_view target);

/// A body of multipart/form-data.
Form read_form(std::string_view body, std::string_view boundary);

}  // namespace redoubt::front
