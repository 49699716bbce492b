#include "doc/yaml.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <cstring>

#include "doc/detail/check_text.h"
#include "doc/detail/yaml_cost.h"
#include "doc/detail/yaml_problem.h"
#include "doc/detail/yaml_tree.h"

namespace redoubt::doc {

namespace {

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

/// libyaml counts characters, places count bytes. Quick for counts near the last one.
class CharacterOffsets {
 public:
  /// Characters are counted from byte `offset` of the text.
  CharacterOffsets(std::string_view text, std::size_t offset) : text_(text), offset_(offset) {}

  std::size_t of(std::size_t index) {
    while (index_ < index && offset_ < text_.size())
      forward(index - index_);
    for (; index_ > index; --index_)
      do
        --offset_;
      while (!starts_character(text_[offset_]));
    return offset_;
  }

 private:
  /// One character, or eight where that many are wanted and ASCII.
  void forward(std::size_t wanted) {
    std::uint64_t bytes = 0;
    if (wanted >= sizeof(bytes) && text_.size() - offset_ >= sizeof(bytes)) {
      std::memcpy(&bytes, text_.data() + offset_, sizeof(bytes));
      if ((bytes & 0x8080'8080'8080'8080) == 0) {
        index_ += sizeof(bytes);
        offset_ += sizeof(bytes);
        return;
      }
    }
    ++index_;
    do
      ++offset_;
    while (offset_ < text_.size() && !starts_character(text_[offset_]));
  }

  std::string_view text_;
  std::size_t index_ = 0;
  std::size_t offset_;
};

class Event {
 public:
  Event() = default;
  ~Event() { clear(); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void clear() {
    if (filled_) yaml_event_delete(&event_);
    filled_ = false;
  }
  bool read(yaml_parser_t& parser) {
    clear();
    filled_ = yaml_parser_parse(&parser, &event_) == 1;
    return filled_;
  }
  const yaml_event_t* operator->() const { return &event_; }

 private:
  yaml_event_t event_ = {};
  bool filled_ = false;
};

/// Reads the document of a text with libyaml, which keeps no state but a stack of what is open.
class Parser {
 public:
  Parser(const Sources& sources, std::uint32_t file, std::string_view text, Arena& arena,
         const YamlLimits& limits)
      : sources_(sources),
        file_(file),
        text_(text),
        start_(detail::byte_order_mark(text)),
        offsets_(text, start_),
        tree_(arena, sources, limits) {
    RD_CHECK(yaml_parser_initialize(&parser_) == 1);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    const std::string_view content = text.substr(start_);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(content.data()),
                                 content.size());
  }
  ~Parser() { yaml_parser_delete(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  /// Where the next document begins, or nothing at the end of the text.
  Result<std::optional<Place>> begin_document() {
    while (event_.read(parser_)) {
      if (event_->type == YAML_STREAM_END_EVENT) return std::nullopt;
      if (event_->type == YAML_DOCUMENT_START_EVENT) return place(event_->start_mark);
    }
    return tl::unexpected(error());
  }

  /// What is in it; after an error there is no next document.
  Result<Value> document() {
    while (event_.read(parser_)) {
      if (event_->type == YAML_DOCUMENT_END_EVENT) return tree_.finish();
      if (!take()) return tl::unexpected(tree_.failure());
    }
    return tl::unexpected(error());
  }

  Place begin() const { return place_of(start_); }
  void add_diagnostics(std::vector<Diagnostic>& diagnostics) const { tree_.add_diagnostics(diagnostics); }

 private:
  using Node = detail::YamlTree::Node;

  Place place_of(std::size_t offset) const { return {file_, static_cast<std::uint32_t>(offset)}; }
  Place place(const yaml_mark_t& mark) { return place_of(offsets_.of(mark.index)); }

  bool take() {
    const Place at = place(event_->start_mark);
    switch (event_->type) {
      case YAML_SCALAR_EVENT: {
        const auto& scalar = event_->data.scalar;
        return tree_.scalar({at, view(scalar.anchor), view(scalar.tag)},
                            {reinterpret_cast<const char*>(scalar.value), scalar.length},
                            scalar.style == YAML_PLAIN_SCALAR_STYLE);
      }
      case YAML_ALIAS_EVENT:
        return tree_.alias(view(event_->data.alias.anchor), at);
      case YAML_SEQUENCE_START_EVENT:
        return tree_.open_sequence(
            {at, view(event_->data.sequence_start.anchor), view(event_->data.sequence_start.tag)});
      case YAML_MAPPING_START_EVENT:
        return tree_.open_mapping(
            {at, view(event_->data.mapping_start.anchor), view(event_->data.mapping_start.tag)});
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        return tree_.close(at);
      default:
        return true;
    }
  }

  Error error() {
    if (parser_.error == YAML_MEMORY_ERROR)
      return {Error::Kind::Limit, "DOC0103", "not enough memory", sources_.where(begin()), {}};
    // The reader, which comes first, counts bytes.
    const std::size_t offset = parser_.error == YAML_READER_ERROR
                                   ? std::min(start_ + parser_.problem_offset, text_.size())
                                   : offsets_.of(parser_.problem_mark.index);
    detail::YamlProblem problem;
    if (parser_.problem != nullptr) problem.problem = parser_.problem;
    if (parser_.context != nullptr) {
      problem.context = parser_.context;
      problem.context_line = sources_.where(place(parser_.context_mark)).line;
    }
    if (offset < text_.size()) problem.next = text_[offset];
    return detail::yaml_error(problem, sources_.where(place_of(offset)));
  }

  const Sources& sources_;
  std::uint32_t file_;
  std::string_view text_;
  std::size_t start_;
  CharacterOffsets offsets_;
  detail::YamlTree tree_;
  yaml_parser_t parser_ = {};
  Event event_;
};

}  // namespace

Result<Reading<Document>> read_yaml(Sources& sources, std::string name, std::string text,
                                    const YamlLimits& limits) {
  RD_TRY(detail::check_text(name, text, limits.max_bytes));
  Reading<Document> reading;
  const std::uint32_t file = sources.add(std::move(name), std::move(text));
  const std::string_view kept = sources.text(file);
  RD_TRY(detail::check_cost(sources, file, kept, limits));
  reading.value.file = file;
  Parser parser(sources, file, kept, reading.value.arena, limits);
  reading.value.root = Value::null().at(parser.begin());
  std::optional<Place> begin = RD_TRY(parser.begin_document());
  if (begin) {
    reading.value.root = RD_TRY(parser.document());
    begin = RD_TRY(parser.begin_document());
    if (begin)
      return fail(Error::Kind::InvalidInput, "DOC0202", "a second document begins here, one is wanted",
                  sources.where(*begin), "give each document a file of its own");
  }
  parser.add_diagnostics(reading.diagnostics);
  return reading;
}

Result<Reading<Document>> read_yaml_file(Sources& sources, const std::string& path,
                                         const YamlLimits& limits) {
  std::string text = RD_TRY(read_text_file(path, limits.max_bytes));
  return read_yaml(sources, path, std::move(text), limits);
}

}  // namespace redoubt::doc
