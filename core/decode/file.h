/* SPDX-License-Identifier: MIT */
/*
 * file.h: what has a text of several parts: paths, open files, addresses of sockets. The value holds
 * the bytes of the record; they are replaced by the text, which is written into `room`
 * (TL_SCRATCH_SIZE, see decode.h). What makes no sense leaves the value unread.
 */
#ifndef TL_FILE_H
#define TL_FILE_H

#include "tl_abi.h"
#include "traceleft.h"

/* Components, leaf first, to a path. */
void tl_path_join(char *room, struct tl_value *value);

/* "/var/log/x", "pipe:[123]", "TCP 10.0.0.1:5000->10.0.0.2:443" … */
void tl_file_text(char *room, const struct tl_str *str, struct tl_value *value);

/* "10.0.0.1:80", "[::1]:80", "unix:/run/x", "unix:@name", "netlink:1/0", "packet:if2" … */
void tl_sockaddr_text(char *room, struct tl_value *value);

#endif
