// SPDX-License-Identifier: MIT
// System V's messages, semaphores and shared memory, and POSIX message queues.
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void messages(void)
{
	struct {
		long type;
		char text[20];
	} message = { 5, "mes\"sage" };
	struct msqid_ds state;
	int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);

	msgsnd(id, &message, 9, IPC_NOWAIT);
	msgctl(id, IPC_STAT, &state);
	msgrcv(id, &message, sizeof(message.text), -7, MSG_NOERROR);
	msgrcv(id, &message, sizeof(message.text), 0, IPC_NOWAIT);
	msgctl(id, IPC_RMID, NULL);
	msgget(0x12345, 0);
}

static void semaphores(void)
{
	struct sembuf operations[2] = { { 0, 2, 0 }, { 1, -1, IPC_NOWAIT | SEM_UNDO } };
	struct timespec time = { 0, 1000000 };
	unsigned short all[2];
	struct semid_ds state;
	int id = semget(IPC_PRIVATE, 2, IPC_CREAT | IPC_EXCL | 0640);

	semctl(id, 1, SETVAL, 3);
	semctl(id, 0, GETVAL);
	semop(id, operations, 2);
	operations[0].sem_op = -9;
	semtimedop(id, operations, 1, &time);
	semctl(id, 0, GETALL, all);
	semctl(id, 0, IPC_STAT, &state);
	semctl(id, 0, IPC_RMID);
}

static void shared_memory(void)
{
	struct shmid_ds state;
	int id = shmget(IPC_PRIVATE, 8192, IPC_CREAT | 0600);
	char *memory = shmat(id, NULL, 0);

	memcpy(memory, "shared", 6);
	shmat(id, NULL, SHM_RDONLY);
	shmctl(id, IPC_STAT, &state);
	shmdt(memory);
	shmdt((void *)1);
	shmctl(id, IPC_RMID, NULL);
}

static void queues(void)
{
	struct mq_attr attributes = { 0, 4, 64, 0, { 0 } }, old;
	struct timespec past = { 1, 0 };
	char buffer[64];
	unsigned int priority;
	mqd_t queue = mq_open("/strace-test", O_RDWR | O_CREAT | O_NONBLOCK, 0600, &attributes);

	mq_send(queue, "urgent", 6, 9);
	mq_timedsend(queue, "late", 4, 1, &past);
	mq_getattr(queue, &old);
	mq_setattr(queue, &old, &attributes);
	mq_receive(queue, buffer, sizeof(buffer), &priority);
	mq_timedreceive(queue, buffer, sizeof(buffer), NULL, &past);
	mq_timedreceive(queue, buffer, sizeof(buffer), NULL, &past);
	mq_notify(queue, &(struct sigevent){ .sigev_notify = SIGEV_NONE });
	mq_close(queue);
	mq_unlink("/strace-test");
	mq_unlink("/strace-test");
}

int main(void)
{
	messages();
	semaphores();
	shared_memory();
	queues();
	return 0;
}
