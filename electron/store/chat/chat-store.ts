/** The chat's and the users' store, the same on every database: each call is one piece of work for its runner. */
import type { ChatStore, NewMessage, Posted, UserStore } from '../../core/chat/ports.ts';
import { conversationQueries } from './conversation-queries.ts';
import { messageQueries } from './message-queries.ts';
import type { Builder, Runner, Steps } from './tables.ts';
import { userQueries } from './user-queries.ts';

export function createChatStore(db: Builder, { read, write, within }: Runner): { chat: ChatStore; users: UserStore } {
  const users = userQueries(db);
  const messages = messageQueries(db, users);
  const conversations = conversationQueries(db, users, messages);

  /** Work in a conversation that is there; else `otherwise`. */
  function* inside<T>(id: string, otherwise: T, work: (room: number) => Steps<T>): Steps<T> {
    const place = yield* conversations.place(id);
    return place ? yield* work(place.room) : otherwise;
  }

  function* post(message: NewMessage, at: number): Steps<Posted> {
    const place = yield* conversations.place(message.conversationId);
    if (!place) return { ok: false, why: 'no_conversation' };
    const sender = yield* users.find(message.senderId);
    if (sender === null || !place.members.includes(sender)) return { ok: false, why: 'no_member' };
    const idOf = yield* users.ids(place.members);
    const posted = yield* messages.post({ ...place, sender, idOf }, message, at);
    const type = place.group === null ? 'direct' : 'group';
    return { ok: true, ...posted, type, members: place.members.map(idOf) };
  }

  const chat: ChatStore = {
    conversationsOf: (userId, limit) => read(() => conversations.of(userId, limit)),
    conversation: id => read(() => conversations.get(id)),
    direct: (one, other, fresh) => write(() => conversations.direct(one, other, fresh)),
    group: (key, fresh) => write(() => conversations.group(key, fresh)),
    createGroup: (group, fresh) => write(() => conversations.createGroup(group, fresh)),
    rename: (id, title) => write(() => conversations.rename(id, title)),
    remove: id => write(() => conversations.remove(id)),
    erase: userId => write(() => conversations.erase(userId)),
    addMember: (id, userId) => write(() => conversations.addMember(id, userId)),
    removeMember: (id, userId) => write(() => conversations.removeMember(id, userId)),
    message: id => read(() => messages.get(id)),
    history: (id, query) => read(() => inside(id, [], room => messages.history(room, query))),
    post: (message, at) => write(() => post(message, at)),
    here: within && { post: (message, at) => within(() => post(message, at)) },
    edit: (id, content, at) => write(() => messages.edit(id, content, at)),
    removeMessage: id => write(() => messages.remove(id)),
    mark: (id, userId, as, at) => write(() => messages.mark(id, userId, as, at)),
    undelivered: (id, userId, limit, after) =>
      read(() => inside(id, [], room => messages.undelivered(room, userId, limit, after))),
  };

  return {
    chat,
    users: {
      all: limit => read(() => users.all(limit)),
      get: id => read(() => users.get(id)),
      seen: user => write(() => users.seen(user)),
      update: (id, changes) =>
        write(function* () {
          yield* users.update(id, changes);
          return yield* users.get(id);
        }),
      remove: id => write(() => users.remove(id)),
    },
  };
}
