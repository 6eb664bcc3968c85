/// Evidence as it comes from outside.
#pragma once

#include "mailroll/consent/event.hpp"

namespace mailroll::detail {

/// What a caller gives: UTF-8 of at most max_evidence characters each (the text: max_shown_text), else invalid. Ends are
/// trimmed, but not of the text, whose hash is filled in where it is missing; invalid, text_hash, where it is another.
Evidence checked_evidence(const Evidence& given);

/// What came with a person's own act, which must not fail for it: cut to the same bounds; what is not UTF-8 becomes U+FFFD,
/// and controls go. A hash that is not the text's is replaced by it.
Evidence clipped_evidence(const Evidence& given);

}  // namespace mailroll::detail
