/// Everything an embedding program needs.
#pragma once

#include "mailroll/address/email_address.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "mailroll/store/registry.hpp"
#include "mailroll/transfer/copy.hpp"
