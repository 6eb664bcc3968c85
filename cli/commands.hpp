/// What the commands do: one function each, named in the command table, defined in <noun>_commands.cpp.
#pragma once

namespace mailroll {
struct PermissionOptions;
}

namespace mailroll::cli {

class Context;

int contacts_add(Context& context);
int contacts_show(Context& context);
int contacts_list(Context& context);
int contacts_update(Context& context);
int contacts_remove(Context& context);
int contacts_erase(Context& context);
int contacts_export_person(Context& context);
int contacts_change_address(Context& context);
int contacts_merge(Context& context);
int contacts_revoke_links(Context& context);
int contacts_import(Context& context);
int contacts_export(Context& context);

int segments_create(Context& context);
int segments_list(Context& context);
int segments_show(Context& context);
int segments_rename(Context& context);
int segments_update(Context& context);
int segments_materialise(Context& context);
int segments_refresh(Context& context);
int segments_events(Context& context);
int segments_delete(Context& context);
int segments_add(Context& context);
int segments_remove(Context& context);

int topics_create(Context& context);
int topics_list(Context& context);
int topics_show(Context& context);
int topics_update(Context& context);
int topics_delete(Context& context);
int topics_choose(Context& context);

int unsubscribe(Context& context);
int resubscribe(Context& context);
int subscribe(Context& context);
int subscribe_to_confirm(Context& context, const PermissionOptions& options);  ///< what subscribe does with --confirm
int link(Context& context);
int headers(Context& context);

int properties_define(Context& context);
int properties_list(Context& context);
int properties_remove(Context& context);

int teams_create(Context& context);
int teams_list(Context& context);

int suppressions_add(Context& context);
int suppressions_list(Context& context);
int suppressions_remove(Context& context);
int suppressions_import(Context& context);
int suppressions_bounce(Context& context);
int suppressions_rule(Context& context);

int audience_list(Context& context);
int audience_count(Context& context);
int explain(Context& context);
int expiring(Context& context);
int history(Context& context);

int keys_list(Context& context);
int keys_add(Context& context);
int keys_retire(Context& context);
int keys_revoke(Context& context);
int keys_move_out(Context& context);
int rekey(Context& context);

int handoff_lease(Context& context);
int handoff_confirm(Context& context);
int handoff_release(Context& context);
int handoff_list(Context& context);
int handoff_status(Context& context);
int feed_opt_outs(Context& context);
int retention_list(Context& context);
int retention_set(Context& context);
int retention_apply(Context& context);

int migrate_audiences(Context& context);

int usage(Context& context);
int check(Context& context);
int copy(Context& context);
int list_backends(Context& context);
int init(Context& context);

int print_completion(Context& context);
int print_help(Context& context);
int print_version(Context& context);

}  // namespace mailroll::cli
