/// The data that claims are measured on: the same bytes wherever they are made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace mailroll::benchmark {

/// The address of person `number`; no two people share one, and neighbours are nowhere near each other when sorted.
std::string address_of(std::uint64_t number);

/// A CSV of people `first` to `first + rows - 1`: email,first_name,last_name,plan,country. `changed`: one in so many has another
/// first name than in a file without it; 0: nobody.
void write_contacts(const std::filesystem::path& file, std::uint64_t rows, std::uint64_t first = 0,
                    std::uint64_t changed = 0);

/// An old export: five audiences of `rows` rows in all over seven tenths as many people, of whom some are in two or three;
/// a sixth of the rows unsubscribed; an audiences.json, and <id>.csv for each:
/// id,email,first_name,last_name,unsubscribed,created_at.
void write_audiences(const std::filesystem::path& folder, std::uint64_t rows);

/// The same, in `folder`, made only if it is not there yet; answers where it is.
std::filesystem::path contacts_file(const std::filesystem::path& folder, std::uint64_t rows, std::uint64_t first = 0);
/// The same people, one in a hundred of whom has another first name.
std::filesystem::path changed_contacts_file(const std::filesystem::path& folder, std::uint64_t rows);
/// A CSV of the same people, every one of whom has unsubscribed: email,unsubscribed.
std::filesystem::path leavers_file(const std::filesystem::path& folder, std::uint64_t rows);
std::filesystem::path audiences_folder(const std::filesystem::path& folder, std::uint64_t rows);

}  // namespace mailroll::benchmark
