/// What the use cases share: store, team, key, clock, pooled sessions.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mailroll/address/contact_id.hpp"
#include "mailroll/address/email_address.hpp"
#include "mailroll/consent/event.hpp"
#include "mailroll/consent/token.hpp"
#include "mailroll/people/team.hpp"
#include "mailroll/roll/reference.hpp"
#include "mailroll/store/store.hpp"
#include "mailroll/time.hpp"
#include "roll/keyring.hpp"
#include "roll/retries.hpp"

namespace mailroll::detail {

/// A session out of the pool; goes back when this ends. Do not hold one while calling code of the user.
class PooledSession {
 public:
  PooledSession(struct RollState& state, std::unique_ptr<Session> session);
  PooledSession(const PooledSession&) = delete;
  PooledSession& operator=(const PooledSession&) = delete;
  ~PooledSession();
  Session* operator->() const { return session_.get(); }
  Session& operator*() const { return *session_; }

 private:
  struct RollState& state_;
  std::unique_ptr<Session> session_;
};

struct RollState {
  std::shared_ptr<Store> store;
  Team team;
  Actor actor = Actor::api;
  Clock clock;
  std::function<void(std::string_view)> log = [](std::string_view) {};

  RollState(std::shared_ptr<Store> backing, Team chosen, Actor calling, Clock ticking,
            std::shared_ptr<const OpenKeys> keys)
      : store(std::move(backing)),
        team(std::move(chosen)),
        actor(calling),
        clock(std::move(ticking)),
        keys_(std::move(keys)) {}

  /// As they were when the roll was opened or reloaded last. Take them once for what must be under one key.
  [[nodiscard]] std::shared_ptr<const OpenKeys> keys() const;
  [[nodiscard]] std::shared_ptr<const LinkKeys> link_keys() const { return keys()->links; }
  /// Takes up the keys that the store has now; false where they are the same. For when something is not found that
  /// another process may have made under a key added since: a token of an unknown key, an address that nobody has.
  bool reload_keys(Session& session);
  /// The keyring that keys are looked for in from now on, where none was named so far.
  void name_key_file(const std::string& file);

  /// Waits for a free session where the store's limit is reached.
  PooledSession session();
  /// The same, for what can do without: nothing where it would have to wait.
  std::optional<PooledSession> session_if_free();

  /// Runs `work` in one write transaction and commits; rolls back when it throws. Where others were in the way, or the
  /// connection was lost, the whole is done again (roll/retries.hpp): `work` must be able to begin anew.
  template <typename Work>
  auto write(Work work) {
    PooledSession taken = session();
    return repeated([&] {
      try {
        taken->begin_write();
        if constexpr (std::is_void_v<decltype(work(*taken))>) {
          work(*taken);
          taken->commit();
        } else {
          auto answer = work(*taken);
          taken->commit();
          return answer;
        }
      } catch (...) {
        taken->rollback();
        throw;
      }
    });
  }

  /// Runs `work`, which only reads, on one state of the store; again where the connection was lost.
  template <typename Work>
  auto read(Work work) {
    const PooledSession taken = session();
    return repeated([&] {
      taken->begin_read();
      struct End {
        Session& session;
        ~End() { session.rollback(); }
      } const end{*taken};
      return work(*taken);
    });
  }

  [[nodiscard]] ContactId id_of(const EmailAddress& address) const { return keys()->signing.hash(address.key()); }
  [[nodiscard]] Channel channel() const { return actor == Actor::operator_ ? Channel::cli : Channel::api; }
  /// An import (also of suppressions), migration, rekey or copy of this team is unfinished.
  [[nodiscard]] bool incomplete(Session& session) const;

  std::atomic<std::uint64_t> retried = 0;  ///< transactions that were done again

  std::mutex pool_mutex;
  std::condition_variable pool_free;
  std::vector<std::unique_ptr<Session>> idle;
  int opened = 0;

 private:
  std::unique_ptr<Session> take_session(std::unique_lock<std::mutex>& guard);

  template <typename Attempt>
  auto repeated(Attempt attempt) {
    Retries retries(*this);
    for (;;) {
      try {
        return attempt();
      } catch (const Error& error) {
        if (!retries.again(error)) throw;
      }
    }
  }

  mutable std::mutex keys_mutex_;
  std::shared_ptr<const OpenKeys> keys_;
};

/// Throw not_found, or conflict with details["ids"].
Segment find_segment(RollState& roll, Session& session, const SegmentRef& ref);
/// The same, to put contacts in or take them out: refused for a dynamic one.
Segment find_static_segment(RollState& roll, Session& session, const SegmentRef& ref);
const Topic& find_topic(const std::vector<Topic>& topics, const TopicRef& ref);       ///< invalid for no_topic
Topic find_topic(RollState& roll, Session& session, const TopicRef& ref);             ///< invalid for no_topic
Broadcast find_broadcast(RollState& roll, Session& session, BroadcastNumber number);  ///< not_found

/// Appends events to one contact inside the open transaction, folds, writes the cache, and withdraws what is leased of the
/// contact and may not go out any more. Answers the permission after. `read`: which parts `before` was read with; with leases,
/// they are not looked for again where there are none.
Permission append_events(RollState& roll, Session& session, const ContactId& contact, std::vector<ConsentEvent> events,
                         const Person& before, const Parts& read = {});

/// Why Session::forget() answered false, for the log.
std::string why_not_forgotten(const RollState& roll);

/// Invalid where a page's limit is not 1 to 100,000.
void check_limit(std::size_t limit);

/// A profile as it begins: address, id, times; nothing else. `id` is where lock_person() found the address.
Contact new_contact(const RollState& roll, const EmailAddress& address, const ContactId& id);

/// A live act: id, times, actor and channel filled in. It happened at max(now, the contact's last event + 1 microsecond);
/// or at `at`, where that is earlier than now, whatever was said since. Where `at` is later than now, it is now, and flagged.
ConsentEvent live_event(const RollState& roll, const ContactId& contact, TopicNumber scope, Action action,
                        const Standing& standing, const std::optional<Time>& at = {});

/// 1 to `longest` characters (code points), valid UTF-8, no control characters; else invalid, naming `what`. Trimmed.
std::string checked_name(std::string_view text, std::size_t longest, std::string_view what);
/// Free words of at most `longest` characters (code points), or none: valid UTF-8, no control characters but line ends
/// and tabs; else invalid, naming `what`. Trimmed.
std::string checked_words(std::string_view text, std::string_view what, std::size_t longest = max_evidence);

}  // namespace mailroll::detail
