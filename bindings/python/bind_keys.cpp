/// roll.keys: keys and re-keying.
#include <filesystem>

#include "open_roll.hpp"
#include "reporter.hpp"
#include "value.hpp"

namespace mailroll::python {

namespace {

using KeysNoun = NounOf<Keys>;

KeyInfo add(const KeysNoun& self, const std::string& kind) { return self.roll->get().keys().add(key_kind_of(kind)); }

KeyInfo retire(const KeysNoun& self, const std::string& kind, std::int32_t id) {
  return self.roll->get().keys().retire(key_kind_of(kind), id);
}

KeyInfo revoke(const KeysNoun& self, const std::string& kind, std::int32_t id) {
  return self.roll->get().keys().revoke(key_kind_of(kind), id);
}

std::size_t move_out(const KeysNoun& self, const std::filesystem::path& file) {
  return self.roll->get().keys().move_out(file.string());
}

RekeyReport rekey(const KeysNoun& self, const py::object& progress) {
  return Reporter(progress).run([&](const ProgressFunction& report) { return self.roll->get().keys().rekey(report); });
}

}  // namespace

void bind_keys(py::module_& module) {
  const auto without_gil = py::call_guard<py::gil_scoped_release>();
  ValueClass<KeyInfo>(module, "KeyInfo", "A key without its secret.")
      .field("kind", &KeyInfo::kind, "'hash' (contact ids) or 'link' (tokens in links).")
      .field("id", &KeyInfo::id, "From 1, within its kind.")
      .field("state", &KeyInfo::state, "'signing', 'retired' or 'revoked'.")
      .field("fingerprint", &KeyInfo::fingerprint, "Tells keys apart and says nothing of the secret.")
      .field("in_store", &KeyInfo::in_store, "Whether the store keeps the secret.")
      .field("given", &KeyInfo::given,
             "False where the secret is neither in the store nor given from outside: links under it are not believed.")
      .field("people", &KeyInfo::people, "Of hash keys: contacts of this team whose id is computed under it.")
      .field("created_at", &KeyInfo::created_at, "When it was made.")
      .field("changed_at", &KeyInfo::changed_at, "When it was retired or revoked; else None.");
  ValueClass<RekeyReport>(module, "RekeyReport", "What rekey() did.")
      .field("looked_at", &RekeyReport::looked_at, "Contacts that were under another key or Unicode version.")
      .field("moved", &RekeyReport::moved, "That have a new id; the old one is an alias of theirs.")
      .field("collisions", &RekeyReport::collisions, "Whose new id another contact has: left as they are.")
      .field("unreadable", &RekeyReport::unreadable, "Whose address this version takes for none: left as they are.")
      .field("without_address", &RekeyReport::without_address,
             "Ids of which nobody knows the address: each stays under its key, and is found there.")
      .field("collided", &RekeyReport::collided, "The ids of each two that collide, the first 100.");

  py::class_<KeysNoun>(module, "Keys",
                       "roll.keys: what contact ids are computed under and links are signed with. Keys belong to the "
                       "store, not to a team. docs/keys.md tells how to change them.",
                       py::is_final(), plain_type())
      .def(
          "list", [](const KeysNoun& self) { return self.roll->get().keys().list(); }, without_gil,
          "All keys, by kind, then id.")
      .def("add", add, py::arg("kind"), without_gil,
           "Makes a key that signs from now on, 'hash' or 'link', and retires the one that did. Where the store does "
           "not keep the secrets, the new one must stand in the keyring first, as a line 'hash ID HEX' or 'link ID "
           "HEX': else Invalid. A new hash key changes no id until rekey().")
      .def("retire", retire, py::arg("kind"), py::arg("id"), without_gil,
           "Takes a key out of signing; what it signed stays good. Refused for the only one that signs.")
      .def("revoke", revoke, py::arg("kind"), py::arg("id"), without_gil,
           "A leaked link key: links that it signed are no longer believed. Refused for hash keys and for the only "
           "key that signs.")
      .def("move_out", move_out, py::arg("file"), without_gil,
           "Moves the secrets that the store keeps into a new file of mode 0600 and answers how many went; Conflict "
           "where there is such a file. From then on open() needs it as key_file. Keep a copy: without the hash keys "
           "the store does not open.")
      .def("rekey", rekey, py::kw_only(), py::arg("progress") = py::none(),
           "Moves every contact of the team that is under another key or Unicode version to its id under the signing "
           "key, with everything it has; old ids stay as aliases. In chunks: stopped and begun again, it goes on. "
           "`progress` as with plan.apply().");
}

}  // namespace mailroll::python
