/// MAILROLL_EXPORT marks what libmailroll shows; everything else stays hidden.
#pragma once

#define MAILROLL_EXPORT __attribute__((visibility("default")))
