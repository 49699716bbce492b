#include <fmt/format.h>

#include <algorithm>

#include "posture/detail/preflight_digest.h"
#include "posture/preflight_output.h"
#include "report/markdown.h"

namespace redoubt::posture {

using report::markdown_code;
using report::markdown_text;
using Section = PreflightEntry::Section;

namespace {

/// Comments of code hosts end at 65,536 characters.
constexpr std::size_t kShownLines = 50;

std::string resource(const estate::Resource& one) {
  return fmt::format("{}<br>{}", markdown_code(one.name), markdown_text(one.type));
}

class Writer {
 public:
  Writer(const Preflight& preflight, const PreflightNotes& notes)
      : preflight_(preflight), notes_(notes), digest_(digest(preflight)) {}

  std::string take() {
    const std::size_t denied = digest_.sections[0].lines.size();
    out_ = fmt::format("### Azure Policy preflight at {}: {}\n\n{}\n", markdown_text(notes_.scope),
                       denied == 0 ? std::string("nothing is denied") : fmt::format("{} denied", denied),
                       markdown_text(summary(preflight_, digest_, notes_.scope)));
    for (const DigestSection& section : digest_.sections)
      write(section);
    write_exempted();
    write_warnings();
    write_remedies();
    return std::move(out_);
  }

 private:
  void open(std::string_view title, std::size_t lines, bool folded) {
    if (folded)
      out_ += fmt::format("\n<details><summary>{} ({})</summary>\n\n", title, lines);
    else
      out_ += fmt::format("\n#### {} ({})\n\n", title, lines);
  }
  void close(std::size_t lines, bool folded) {
    if (lines > kShownLines)
      out_ += fmt::format("\n{} more are not shown: `-f json` lists them.\n", lines - kShownLines);
    if (folded) out_ += "\n</details>\n";
  }
  void head() { out_ += "| Resource | Policy | What | Assigned by |\n| --- | --- | --- | --- |\n"; }

  void write(const DigestSection& section) {
    if (section.lines.empty()) return;
    const bool folded = section.section != Section::Denied && section.section != Section::Modified;
    open(section.title, section.lines.size(), folded);
    head();
    for (std::size_t i = 0; i < std::min(kShownLines, section.lines.size()); ++i) {
      const DigestLine& line = section.lines[i];
      std::string what;
      for (const PreflightEntry* part : line.parts)
        what += (what.empty() ? "" : "<br>") + describe_part(*part);
      if (line.first().if_deployed) what += "<br>only if it is deployed: its condition is not known";
      const bool one = !line.counted && line.resources.size() == 1;
      out_ += fmt::format(
          "| {} | {} | {} | {} |\n", one ? resource(*line.resources.front()) : what_it_hits(line),
          markdown_text(shown_name(line.first())), what, markdown_text(assigned_by(line.assignments)));
    }
    close(section.lines.size(), folded);
  }

  static std::string describe_part(const PreflightEntry& part) {
    switch (part.section) {
      case Section::Denied: {
        std::string out = fmt::format("{}<br>at {}", markdown_text(why(part)), markdown_code(place(part)));
        if (!part.message.empty()) out += fmt::format("<br>*{}*", markdown_text(part.message));
        return out;
      }
      case Section::Modified:
        return markdown_code(change(part));
      case Section::Remediated:
        return fmt::format("{}<br>would create {}", markdown_text(why(part)),
                           part.creates.empty() ? "what is not known" : markdown_text(created(part)));
      case Section::Reported:
        return fmt::format("{}: {}", markdown_text(why_reported(part)), markdown_text(why(part)));
      case Section::Unknown:
        return markdown_text(part.reason);
    }
    return {};
  }

  void write_exempted() {
    const std::vector<ExemptedLine>& lines = digest_.exempted;
    if (lines.empty()) return;
    open("exempted", lines.size(), true);
    head();
    for (std::size_t i = 0; i < std::min(kShownLines, lines.size()); ++i) {
      const policy::Exemption& exemption = *lines[i].pair->exemption;
      const AssignedPolicy& pair = *lines[i].pair->pair;
      const std::string& display = pair.policy->definition->display_name;
      out_ += fmt::format("| {} | {} | by {} ({}), {} | {} |\n", resource(*lines[i].pair->resource),
                          markdown_text(display.empty() ? pair.definition : display),
                          markdown_code(exemption.name), markdown_text(exemption.category), until(exemption),
                          markdown_text(assigned_by(lines[i].assignments)));
    }
    close(lines.size(), true);
  }

  void write_warnings() {
    const std::vector<CreationWarning>& lines = notes_.warnings;
    if (lines.empty()) return;
    open("created by Azure: policies hit it, the template does not show it", lines.size(), true);
    for (std::size_t i = 0; i < std::min(kShownLines, lines.size()); ++i) {
      out_ += fmt::format("- {}: {}\n", markdown_code(lines[i].resource->name),
                          markdown_text(posture::describe(lines[i])));
      for (const CreationWarning::Denial& denial : lines[i].denials)
        out_ += fmt::format("  - {}\n", markdown_text(posture::describe(denial)));
    }
    close(lines.size(), true);
  }

  void write_remedies() {
    const std::vector<Remedy>& remedies = digest_.remedies;
    if (remedies.empty()) return;
    out_ += "\n#### What to do\n\n";
    for (std::size_t i = 0; i < std::min(kShownLines, remedies.size()); ++i) {
      const Remedy& remedy = remedies[i];
      out_ += fmt::format("- **{}**\n", markdown_text(shown_name(*remedy.first)));
      for (const PreflightEntry* fix : remedy.fixes)
        out_ += fmt::format("  - change {}: {} ({})\n", markdown_code(fix->resource->name),
                            markdown_text(fix->fix), markdown_code(place_to_change(*fix)));
      for (const Remedy::Ask& ask : remedy.asks)
        out_ += fmt::format("  - {}ask {} for an exemption from {}\n", remedy.fixes.empty() ? "" : "or ",
                            whom_to_ask(ask, markdown_code(ask.pair->assignment->scope), notes_.owners),
                            markdown_code(ask.pair->assignment->id));
    }
    std::string commands;
    for (std::size_t i = 0; i < std::min(kShownLines, remedies.size()); ++i)
      for (const Remedy::Ask& ask : remedies[i].asks)
        commands += exemption_command(ask) + "\n";
    out_ += "\n<details><summary>commands for the exemptions</summary>\n\n" +
            report::markdown_block(commands, "sh") + "\n</details>\n";
  }

  const Preflight& preflight_;
  const PreflightNotes& notes_;
  PreflightDigest digest_;
  std::string out_;
};

}  // namespace

std::string preflight_markdown(const Preflight& preflight, const PreflightNotes& notes) {
  return Writer(preflight, notes).take();
}

}  // namespace redoubt::posture
