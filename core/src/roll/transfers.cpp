#include "mailroll/roll.hpp"
#include "roll/roll_state.hpp"
#include "transfer/plan_entry.hpp"

namespace mailroll {

MigrationPlan Roll::migrate_audiences(const std::vector<std::string>& paths, const MigrationOptions& options) const {
  return detail::plan_migration(state_, paths, options);
}

ImportPlan Contacts::import_file(const std::string& path, const ImportOptions& options) const {
  return detail::plan_import(roll_, path, options);
}

}  // namespace mailroll
