/* Groups of message ports, and their queues. */
#include "port_group.h"

#include <stdlib.h>
#include <string.h>

static PortGroup *named_groups;

PortData *port_data_new(JSContext *ctx)
{
  PortData *data = calloc(1, sizeof(*data));
  if (data)
    data->last = &data->first;
  else
    JS_ThrowOutOfMemory(ctx);
  return data;
}

void port_data_enqueue(PortData *data, Message *message)
{
  Queued *queued = malloc(sizeof(*queued));
  if (!queued)
    return;
  message->references++;
  *queued = (Queued){message, NULL};
  *data->last = queued;
  data->last = &queued->next;
  message_port_wake(data->owner);
}

Message *port_data_dequeue(PortData *data)
{
  Queued *queued = data->first;
  Message *message = queued->message;
  data->first = queued->next;
  if (!data->first)
    data->last = &data->first;
  free(queued);
  return message;
}

void port_group_join(PortGroup *group, PortData *data)
{
  data->group = group;
  data->next = group->members;
  group->members = data;
  group->count++;
}

static void enqueue_close(PortData *data)
{
  Message *message = message_new(the_env->ctx);
  if (!message)
    return;
  message->is_close = true;
  port_data_enqueue(data, message);
  message_free(the_env->rt, message);
}

static void group_free(PortGroup *group)
{
  for (PortGroup **p = &named_groups; *p; p = &(*p)->next) {
    if (*p == group) {
      *p = group->next;
      break;
    }
  }
  free(group->name);
  free(group);
}

/* Leaves the group; a channel's other end is told. */
static void disentangle(PortData *data)
{
  PortGroup *group = data->group;
  if (!group)
    return;
  for (PortData **p = &group->members; *p; p = &(*p)->next) {
    if (*p == data) {
      *p = data->next;
      break;
    }
  }
  data->group = NULL;
  if (--group->count == 0)
    group_free(group);
  else if (group->count == 1 && !group->name)
    enqueue_close(group->members);
}

void port_data_free(JSRuntime *rt, PortData *data)
{
  disentangle(data);
  while (data->first)
    message_free(rt, port_data_dequeue(data));
  free(data);
}

PortGroup *port_group_named(const char *name)
{
  for (PortGroup *group = named_groups; name && group; group = group->next) {
    if (!strcmp(group->name, name))
      return group;
  }
  PortGroup *group = calloc(1, sizeof(*group));
  if (!group || (name && !(group->name = strdup(name)))) {
    free(group);
    return NULL;
  }
  if (name) {
    group->next = named_groups;
    named_groups = group;
  }
  return group;
}
