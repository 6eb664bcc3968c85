/// Reads audiences.json: {"object": "list", "data": [{"id": ..., "name": ..., "created_at": ...}, ...]}.
#pragma once

#include <string>
#include <vector>

#include "mailroll/transfer/audience_export.hpp"

namespace mailroll::detail {

struct AudienceIndex {
  std::vector<AudienceExport::Audience> audiences;  ///< ids are not empty and differ; names may be equal
  bool has_more = false;
};

/// Throws Error(invalid) with "file" for another shape, an empty id or name, or an id given twice.
AudienceIndex read_audience_index(const std::string& path);

}  // namespace mailroll::detail
