/// Where the use cases enter the transfer of files.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mailroll/transfer/plan.hpp"
#include "roll/roll_state.hpp"

namespace mailroll::detail {

MigrationPlan plan_migration(const std::shared_ptr<RollState>& roll, const std::vector<std::string>& paths,
                             const MigrationOptions& options);
ImportPlan plan_import(const std::shared_ptr<RollState>& roll, const std::string& path, const ImportOptions& options);

}  // namespace mailroll::detail
