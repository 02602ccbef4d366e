// SPDX-License-Identifier: MIT
// A terminal, and the ioctls that one has.
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

int main(void)
{
	int leader = posix_openpt(O_RDWR | O_NOCTTY), follower, value = 0;
	struct winsize size = { 24, 80, 0, 0 };
	struct termios settings;
	char buffer[100];

	grantpt(leader);
	unlockpt(leader);
	follower = open(ptsname(leader), O_RDWR | O_NOCTTY);
	ioctl(leader, TIOCSWINSZ, &size);
	ioctl(follower, TIOCGWINSZ, &size);
	tcgetattr(follower, &settings);
	cfmakeraw(&settings);
	tcsetattr(follower, TCSANOW, &settings);
	tcflush(follower, TCIOFLUSH);
	ioctl(follower, TIOCGPGRP, &value);
	ioctl(follower, TIOCOUTQ, &value);
	ioctl(follower, 0x12345678, &value);
	write(leader, "typed\r", 6);
	read(follower, buffer, sizeof(buffer));
	write(follower, "\033[1mshown\007", 10);
	read(leader, buffer, sizeof(buffer));
	if (fork() == 0) {
		setsid();
		ioctl(follower, TIOCSCTTY, 0);
		tcsetpgrp(follower, getpid());
		close(open("/dev/tty", O_RDWR));
		_exit(0);
	}
	wait(NULL);
	close(follower);
	read(leader, buffer, sizeof(buffer));
	close(leader);
	return 0;
}
