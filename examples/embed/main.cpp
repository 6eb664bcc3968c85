// A program that carries mailroll inside: one file, no server. Usage: embed [STORE]
#include <iostream>
#include <string>

#include <mailroll/mailroll.hpp>

int main(int argc, char** argv) {
  try {
    auto roll = mailroll::open(argc > 1 ? argv[1] : "sqlite:///roll.db");
    const auto news = roll.topics().create({.name = "Product news",
                                            .default_subscription = mailroll::Subscription::opt_in,
                                            .visibility = mailroll::Visibility::public_});
    const auto vip = roll.segments().create("VIP");
    roll.contacts().add({.email = "ada@example.com", .first_name = "Ada", .segments = {vip}});
    roll.contacts().add({.email = "grace@example.com", .first_name = "Grace", .segments = {vip}});

    roll.unsubscribe("grace@example.com", news);

    for (const mailroll::Recipient& person : roll.audience("VIP", news)) {
      std::cout << person.first_name << " <" << person.email << ">\n";
    }
    const auto verdict = roll.explain("grace@example.com", news);
    std::cout << "Grace: " << (verdict.receives ? "yes" : "no") << ", " << to_string(verdict.reason) << "\n";
    return 0;
  } catch (const mailroll::Error& error) {
    std::cerr << to_string(error.kind()) << ": " << error.what() << "\n";
    return 1;
  }
}
