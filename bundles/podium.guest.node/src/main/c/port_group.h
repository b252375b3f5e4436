/* Which message ports hear each other, and the messages that wait at each: what survives a port being moved. */
#ifndef PODIUM_NODE_PORT_GROUP_H
#define PODIUM_NODE_PORT_GROUP_H

#include "messaging.h"

typedef struct MessagePort MessagePort;
typedef struct PortGroup PortGroup;

typedef struct Queued {
  Message *message;
  struct Queued *next;
} Queued;

/* What survives a port being moved: its messages and whom it is joined with. */
typedef struct PortData {
  PortGroup *group;
  struct PortData *next; /* in the group */
  Queued *first, **last;
  MessagePort *owner; /* NULL while under way */
} PortData;

/* The two ends of a channel, or all of a name. */
struct PortGroup {
  char *name; /* NULL: a channel */
  PortData *members;
  int count;
  PortGroup *next; /* of the named groups */
};

/* An end of nothing yet, without messages. NULL with an exception. */
PortData *port_data_new(JSContext *ctx);
/* Leaves its group, too: a channel's other end is told. */
void port_data_free(JSRuntime *rt, PortData *data);
/* Adds a message, and wakes the owner. */
void port_data_enqueue(PortData *data, Message *message);
/* Takes the first message; there must be one. */
Message *port_data_dequeue(PortData *data);
/* The group of a name, made when there is none; a new one without a name. NULL without memory. */
PortGroup *port_group_named(const char *name);
void port_group_join(PortGroup *group, PortData *data);

/* Has the port look at its messages; NULL for none. (message_port.c) */
void message_port_wake(MessagePort *port);

#endif
