/* SPDX-License-Identifier: MIT */
/* cursor.c: where the cursor is, of a line as libedit shows it: what lies above it on the screen must go too. */
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include "host.h"

#define WIDTH	80	/* columns when the terminal does not say */

static int columns(void)
{
	struct winsize size = { 0 };

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col ? WIDTH : size.ws_col;
}

static int width_of(wchar_t c, int column)
{
	if (c == L'\t')
		return 8 - column % 8;
	if (iswcntrl((wint_t)c))
		return 2;
	if (!iswprint((wint_t)c))
		return c > 0xffff ? 8 : 7;
	return wcwidth(c);
}

int tl_cursor_row(const wchar_t *from, const wchar_t *cursor, int column)
{
	int row = 0, most = columns();

	for (const wchar_t *c = from; c < cursor; c++) {
		int width = *c == L'\n' ? most : width_of(*c, column);

		if (column + width > most && *c != L'\n') {
			row++;
			column = 0;
		}
		column += width;
		if (column >= most) {
			row++;
			column = 0;
		}
	}
	return row;
}
