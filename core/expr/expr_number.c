/* SPDX-License-Identifier: MIT */
/* expr_number.c: numbers of a text, with units: 0x1f, 10ms, 1.5s, 4KiB. And arithmetic as Lua does it. */
#include <errno.h>
#include <string.h>

#include "expr/expr_tree.h"

#define FRACTION_DIGITS	9

static const struct {
	const char *name;
	uint64_t factor;
} units[] = {
	{ "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 }, { "m", 60000000000 },
	{ "KiB", 1 << 10 }, { "MiB", 1 << 20 }, { "GiB", 1 << 30 },
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Hexadecimal numbers wrap round, as in Lua. */
static const char *hex_parse(const char *at, const char *end, int64_t *number)
{
	uint64_t value = 0;

	if (at == end)
		return "a hexadecimal number without digits";
	for (; at < end; at++) {
		if (hex_digit(*at) < 0)
			return "no hexadecimal number";
		value = value << 4 | (uint64_t)hex_digit(*at);
	}
	*number = (int64_t)value;
	return NULL;
}

/* Digits up to what is none; *scale is multiplied by ten for each. false: too large. */
static bool digits(const char **at, const char *end, uint64_t *value, uint64_t *scale)
{
	for (; *at < end && **at >= '0' && **at <= '9'; (*at)++) {
		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, (uint64_t)(**at - '0'), value))
			return false;
		*scale *= 10;
	}
	return true;
}

static uint64_t unit_of(const char *at, size_t len)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strlen(units[i].name) == len && memcmp(units[i].name, at, len) == 0)
			return units[i].factor;
	}
	return 0;
}

static const char *scaled(uint64_t value, uint64_t scale, uint64_t factor, int64_t *number)
{
	unsigned __int128 product = (unsigned __int128)value * factor;

	if (product % scale)
		return "a fraction of the smallest unit";
	product /= scale;
	if (product > INT64_MAX)
		return "a number beyond 63 bits";
	*number = (int64_t)product;
	return NULL;
}

const char *tl_number_parse(const char *at, const char *end, int64_t *number)
{
	uint64_t value = 0, whole = 1, scale = 1, factor = 1;
	const char *point = NULL;

	if (end - at >= 2 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X'))
		return hex_parse(at + 2, end, number);
	if (!digits(&at, end, &value, &whole))
		return "a number beyond 63 bits";
	if (at < end && *at == '.') {
		point = ++at;
		if (!digits(&at, end, &value, &scale) || at - point > FRACTION_DIGITS || at == point)
			return "a malformed number";
	}
	if (at < end) {
		factor = unit_of(at, (size_t)(end - at));
		if (!factor)
			return "a malformed number; units are ns us ms s m KiB MiB GiB";
	} else if (point) {
		return "numbers are integers; fractions need a unit, as 1.5ms";
	}
	return scaled(value, scale, factor, number);
}

/* ---- arithmetic ------------------------------------------------------------------------------------- */

static int64_t shift_left(int64_t a, int64_t n)
{
	if (n <= -64 || n >= 64)
		return 0;
	return (int64_t)(n >= 0 ? (uint64_t)a << n : (uint64_t)a >> -n);
}

/* Rounds towards minus infinity. INT64_MIN // -1 wraps. */
static int64_t floor_div(int64_t a, int64_t b)
{
	if (b == -1)
		return (int64_t)(0 - (uint64_t)a);
	return a / b - (a % b != 0 && (a ^ b) < 0);
}

int tl_arith(enum tl_op op, int64_t a, int64_t b, int64_t *out)
{
	uint64_t x = (uint64_t)a, y = (uint64_t)b;

	if ((op == TL_OP_DIV || op == TL_OP_MOD) && b == 0)
		return -EDOM;
	switch (op) {
	case TL_OP_ADD: *out = (int64_t)(x + y); break;
	case TL_OP_SUB: *out = (int64_t)(x - y); break;
	case TL_OP_MUL: *out = (int64_t)(x * y); break;
	case TL_OP_DIV: *out = floor_div(a, b); break;
	case TL_OP_MOD: *out = (int64_t)(x - (uint64_t)floor_div(a, b) * y); break;
	case TL_OP_BAND: *out = a & b; break;
	case TL_OP_BOR: *out = a | b; break;
	case TL_OP_XOR: *out = a ^ b; break;
	case TL_OP_SHL: *out = shift_left(a, b); break;
	case TL_OP_SHR: *out = shift_left(a, b == INT64_MIN ? 64 : -b); break;
	case TL_OP_NEG: *out = (int64_t)(0 - x); break;
	case TL_OP_BNOT: *out = ~a; break;
	default: return -EINVAL;
	}
	return 0;
}
