#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"

namespace mailroll::cli {

int teams_create(Context& context) {
  context.out.record(to_json(context.roll().teams().create(context.args["NAME"])));
  return exit_code::done;
}

int teams_list(Context& context) {
  const std::vector<Json> records = to_records(context.roll().teams().list());
  context.out.list({{"id", "ID"}, {"name", "NAME"}, {"created_at", "CREATED"}}, records);
  return exit_code::done;
}

}  // namespace mailroll::cli
