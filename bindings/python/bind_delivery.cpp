/// roll.handoff(), roll.broadcasts() and roll.opt_outs().
#include "audience.hpp"
#include "delivery.hpp"
#include "value.hpp"

namespace mailroll::python {

namespace {

py::list people_of_batch(const Batch& batch) {
  py::list people;
  for (const Recipient& person : batch.people) people.append(as_recipient(person));
  return people;
}

std::vector<ContactId> ids_of(const py::object& people) {
  std::vector<ContactId> ids;
  for (const Who& who : people_of(people)) {
    const std::optional<Uuid> id = parse_uuid(who.text);
    if (!id) {
      throw Error(ErrorKind::invalid, "people are confirmed and released by id: give Recipients of the batch, or ids",
                  {{"reason", "value_type"}});
    }
    ids.emplace_back(*id);
  }
  return ids;
}

using These = HandoffReport (Handoff::*)(const LeaseId&, const std::vector<ContactId>&);
using All = HandoffReport (Handoff::*)(const LeaseId&);

LeaseId lease_of(const py::object& lease) {
  py::object id = lease;
  if (py::isinstance<Batch>(lease)) id = lease.attr("lease");
  const std::optional<std::string> text = text_of(id);
  const std::optional<Uuid> uuid = text ? parse_uuid(*text) : std::nullopt;
  if (!uuid) throw py::type_error("lease must be a Batch that has people, or a lease's id");
  return LeaseId(*uuid);
}

template <These these, All all>
HandoffReport settle(OpenHandoff& self, const py::object& lease, const py::object& people) {
  const LeaseId id = lease_of(lease);
  // None is everybody; a list that has turned out empty is nobody.
  if (people.is_none()) {
    const py::gil_scoped_release release;
    return self.roll->must_be_open(), (self.handoff.*all)(id);
  }
  const std::vector<ContactId> ids = ids_of(people);
  const py::gil_scoped_release release;
  return self.roll->must_be_open(), (self.handoff.*these)(id, ids);
}

std::optional<LeaseId> lease_id(const Batch& batch) {
  return batch.people.empty() ? std::nullopt : std::optional(batch.lease);
}

std::optional<Time> lease_end(const Batch& batch) {
  return batch.people.empty() ? std::nullopt : std::optional(batch.expires_at);
}

void bind_values(py::module_& module) {
  ValueClass<Batch>(module, "Batch", "People leased to a worker.")
      .field("lease", lease_id, "The lease's id; None where there are no people.")
      .field("broadcast", &Batch::broadcast, "The broadcast's name.")
      .field("people", people_of_batch,
             "Recipients, ascending by id; [] though there are more where nobody was found so far: then ask again.")
      .field("expires_at", lease_end, "UTC; others may lease them from then on. None where there are no people.")
      .field("done", &Batch::done, "True where a whole walk of the segment found nobody to lease.")
      .field("outstanding", &Batch::outstanding, "Leased to anybody and not yet confirmed, these included.")
      .field("incomplete", &Batch::incomplete,
             "True while an import, migration, rekey or copy is unfinished: people may be missing, or too many.");

  ValueClass<HandoffReport>(module, "HandoffReport", "What became of people that were to be confirmed or released.")
      .field("done", &HandoffReport::done, "Confirmed, or released.")
      .field("repeated", &HandoffReport::repeated, "Were so already.")
      .field("withdrawn", &HandoffReport::withdrawn, "Left in the meantime: they stay withdrawn.")
      .field(
          "kept", &HandoffReport::kept,
          "The other was said of them, and stays: confirmed ones that were to be released; ones released by name where "
          "all of the lease was to be confirmed.")
      .field("lost", &HandoffReport::lost, "The lease ran out and somebody else has them, or it never had them.");

  const auto count = [](std::uint64_t LeaseCounts::*member) {
    return [member](const BroadcastStatus& self) { return self.counts.*member; };
  };
  ValueClass<BroadcastStatus>(module, "BroadcastStatus", "How far a broadcast is.")
      .field(
          "broadcast", [](const BroadcastStatus& self) { return self.broadcast.name; }, "Its name.")
      .field("leased", count(&LeaseCounts::leased), "In the hands of workers, or forgotten by them.")
      .field("confirmed", count(&LeaseCounts::confirmed), "Handed over: they get nothing of it again.")
      .field("released", count(&LeaseCounts::released), "Given back, to be leased again.")
      .field("withdrawn", count(&LeaseCounts::withdrawn), "Left while they were leased: they get nothing of it.")
      .field(
          "created_at", [](const BroadcastStatus& self) { return self.broadcast.created_at; }, "UTC.");

  ValueClass<PythonFeedItem>(module, "FeedItem", "Something that lowered permission.")
      .field("position", &PythonFeedItem::position, "The cursor: ask for what is after it.")
      .field("event", &PythonFeedItem::event, "The event; its `contact` is the id as it is now.")
      .field("email", &PythonFeedItem::email, "The delivery spelling; '' where the address is not held any more.");
  ValueClass<PythonFeedPage>(module, "FeedPage", "A part of the feed.")
      .field("items", &PythonFeedPage::items, "In order; drop an event id that you have had.")
      .field("next", &PythonFeedPage::next, "The cursor behind the last item, or the one that was asked for.");
}

}  // namespace

OpenHandoff hand_off(const SharedRoll& roll, const SegmentRef& segment, const TopicRef& topic,
                     const std::string& worker, const std::optional<std::string>& broadcast,
                     const std::optional<std::chrono::seconds>& lease_for) {
  HandoffOptions options;
  options.broadcast = broadcast.value_or("");
  if (lease_for) options.lease_for = *lease_for;
  return {roll, roll->get().handoff(segment, topic, worker, options)};
}

OpenHandoff handoff_of(const SharedRoll& roll, const LeaseId& lease) { return {roll, roll->get().handoff_of(lease)}; }

std::vector<BroadcastStatus> broadcasts(const SharedRoll& roll) { return roll->get().broadcasts(); }

PythonFeedPage opt_outs(const SharedRoll& roll, std::int64_t after, std::size_t limit) {
  FeedPage page = roll->get().opt_outs(after, limit);
  PythonFeedPage shown;
  shown.next = page.next;
  for (FeedItem& item : page.items) {
    shown.items.push_back({item.position, {std::move(item.event), std::move(item.topic)}, std::move(item.email)});
  }
  return shown;
}

void bind_delivery(py::module_& module) {
  bind_values(module);
  const auto without_gil = py::call_guard<py::gil_scoped_release>();
  py::class_<OpenHandoff>(module, "Handoff",
                          "A worker's side of one broadcast: roll.handoff() gives it. May be shared by threads.",
                          py::is_final(), plain_type(), py::release_gil_before_calling_cpp_dtor())
      .def(
          "lease",
          [](OpenHandoff& self, std::size_t limit) { return self.roll->must_be_open(), self.handoff.lease(limit); },
          py::arg("limit"), without_gil,
          "Leases up to `limit` (1 to 10,000) people: those released or whose lease ran out first, then the next of "
          "the "
          "segment; each may receive it in that very moment. Answers a Batch; one call looks at 20,000 members at "
          "most, so "
          "go on until batch.done. NotFound where the segment or the topic is gone.")
      .def("confirm", settle<&Handoff::confirm, &Handoff::confirm>, py::arg("lease"), py::arg("people") = py::none(),
           "These people were handed over: they get nothing of this broadcast again. `lease`: a Batch or a lease's id; "
           "`people`: Recipients or ids; None: all whom the lease still has, save those who were released by name. "
           "Idempotent. Who was named, and was released or whose lease ran out, is confirmed while nobody else has "
           "them.")
      .def("release", settle<&Handoff::release, &Handoff::release>, py::arg("lease"), py::arg("people") = py::none(),
           "These people were not mailed, and others may lease them. Otherwise as confirm().")
      .def(
          "status", [](const OpenHandoff& self) { return self.roll->must_be_open(), self.handoff.status(); },
          without_gil, "How far the broadcast is.");
}

}  // namespace mailroll::python
