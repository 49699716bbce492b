#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "posture/detail/preflight_digest.h"
#include "posture/preflight_output.h"
#include "report/color.h"
#include "report/terminal_text.h"

namespace redoubt::posture {

using report::Tone;
using Section = PreflightEntry::Section;

namespace {

std::string shown(const estate::Resource& resource) {
  return fmt::format("{} {}", resource.type, resource.name);
}

/// `a, b and 3 more`.
std::string names_of(const std::vector<const estate::Resource*>& resources) {
  static constexpr std::size_t kShown = 5;
  std::string out;
  for (std::size_t i = 0; i < std::min(kShown, resources.size()); ++i)
    out += fmt::format("{}{}", i == 0 ? "" : ", ", resources[i]->name);
  if (resources.size() > kShown) out += fmt::format(" and {} more", resources.size() - kShown);
  return out;
}

class Writer {
 public:
  Writer(const Preflight& preflight, const PreflightNotes& notes, const report::TableStyle& style)
      : preflight_(preflight), notes_(notes), style_(style), digest_(digest(preflight)) {}

  std::string take() {
    table_.columns = {{""}, {""}};
    for (const DigestSection& section : digest_.sections)
      write(section);
    write_exempted();
    write_warnings();
    out_ = table_.groups.empty() ? std::string() : report::to_text(table_, style_);
    write_remedies();
    if (!out_.empty()) out_ += '\n';
    const Tone tone = digest_.sections[0].lines.empty() ? Tone::Good : Tone::Bad;
    line(summary(preflight_, digest_, notes_.scope), tone);
    return std::move(out_);
  }

 private:
  void line(std::string_view text, Tone tone) {
    const std::string safe = report::printable_line(text);
    out_ += report::paint(safe, tone, style_.color) + "\n";
  }

  /// What is no command line: wrapped below the name of a remedy.
  void prose(std::string_view text, Tone tone) {
    static constexpr std::string_view kIndent = "    ";
    static constexpr std::size_t kNarrowest = 20;
    const std::size_t width = style_.width > kIndent.size() + kNarrowest ? style_.width - kIndent.size() : 0;
    for (const std::string& part : report::wrap(replace_all(report::printable(text), "\n", " "), width))
      out_ += std::string(kIndent) + report::paint(part, tone, style_.color) + "\n";
  }

  report::Group& group(std::string_view title) {
    table_.groups.push_back({{std::string(title), Tone::Heading}, {}});
    return table_.groups.back();
  }

  void write(const DigestSection& section) {
    if (section.lines.empty()) return;
    report::Group& into = group(section.title);
    for (const DigestLine& one : section.lines) {
      report::Row row;
      const bool named = !one.counted && one.resources.size() > 1;
      const Tone tone = section.section == Section::Denied ? Tone::Bad : Tone::Plain;
      row.cells = {{named ? names_of(one.resources) : what_it_hits(one), tone},
                   {shown_name(one.first()), Tone::Plain}};
      add_notes(row, section.section, one);
      row.notes.push_back({"assigned by " + assigned_by(one.assignments), Tone::Muted});
      into.rows.push_back(std::move(row));
    }
  }

  void add_notes(report::Row& row, Section section, const DigestLine& one) {
    for (const PreflightEntry* part : one.parts)
      add_part(row, section, *part);
    const PreflightEntry& first = one.first();
    if (first.if_deployed)
      row.notes.push_back({"only if it is deployed: its condition is not known", Tone::Muted});
    if (first.pair->version_mismatch)
      row.notes.push_back({"the initiative pins another major version of this definition", Tone::Muted});
  }

  static void note(report::Row& row, std::string text, Tone tone) {
    const auto same = [&](const report::Cell& one) { return one.text == text; };
    if (std::none_of(row.notes.begin(), row.notes.end(), same)) row.notes.push_back({std::move(text), tone});
  }

  static void add_part(report::Row& row, Section section, const PreflightEntry& part) {
    switch (section) {
      case Section::Denied:
        note(row, why(part), Tone::Plain);
        note(row, "at " + place(part), Tone::Muted);
        if (!part.message.empty()) note(row, "message: " + part.message, Tone::Plain);
        break;
      case Section::Modified:
        note(row, change(part), Tone::Notice);
        break;
      case Section::Remediated:
        note(row, why(part), Tone::Plain);
        note(row,
             part.creates.empty() ? "what it would create is not known" : "would create " + created(part),
             Tone::Notice);
        break;
      case Section::Reported:
        note(row, fmt::format("{}: {}", why_reported(part), why(part)), Tone::Plain);
        break;
      case Section::Unknown:
        note(row, part.reason, Tone::Plain);
        break;
    }
  }

  void write_exempted() {
    if (digest_.exempted.empty()) return;
    report::Group& into = group("exempted");
    for (const ExemptedLine& one : digest_.exempted) {
      const policy::Exemption& exemption = *one.pair->exemption;
      const AssignedPolicy& pair = *one.pair->pair;
      const std::string& display = pair.policy->definition->display_name;
      into.rows.push_back(
          {{{shown(*one.pair->resource), Tone::Plain},
            {display.empty() ? pair.definition : display, Tone::Plain}},
           {{fmt::format("by {} ({}), {}", exemption.name, exemption.category, until(exemption)),
             Tone::Plain},
            {"assigned by " + assigned_by(one.assignments), Tone::Muted}}});
    }
  }

  void write_warnings() {
    if (notes_.warnings.empty()) return;
    report::Group& into = group("created by Azure: policies hit it, the template does not show it");
    for (const CreationWarning& warning : notes_.warnings) {
      report::Row row;
      row.cells = {{shown(*warning.resource), Tone::Plain}, {describe(warning), Tone::Plain}};
      for (const CreationWarning::Denial& denial : warning.denials)
        row.notes.push_back({describe(denial), Tone::Notice});
      into.rows.push_back(std::move(row));
    }
  }

  void write_remedies() {
    if (digest_.remedies.empty()) return;
    out_ += '\n';
    line("what to do", Tone::Heading);
    for (const Remedy& remedy : digest_.remedies) {
      line("  " + shown_name(*remedy.first), Tone::Plain);
      for (const PreflightEntry* fix : remedy.fixes)
        prose(fmt::format("change {}: {} ({})", fix->resource->name, fix->fix, place_to_change(*fix)),
              Tone::Good);
      for (const Remedy::Ask& ask : remedy.asks) {
        prose(fmt::format("{}ask {} for an exemption from {}", remedy.fixes.empty() ? "" : "or ",
                          whom_to_ask(ask, short_scope(ask.pair->assignment->scope), notes_.owners),
                          ask.pair->assignment->name),
              Tone::Plain);
        line("    " + exemption_command(ask), Tone::Muted);
      }
    }
  }

  const Preflight& preflight_;
  const PreflightNotes& notes_;
  const report::TableStyle& style_;
  PreflightDigest digest_;
  report::Table table_;
  std::string out_;
};

}  // namespace

std::string preflight_table(const Preflight& preflight, const PreflightNotes& notes,
                            const report::TableStyle& style) {
  return Writer(preflight, notes, style).take();
}

}  // namespace redoubt::posture
