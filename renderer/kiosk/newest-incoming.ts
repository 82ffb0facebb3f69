import type { ChatsSnapshot } from '../client/desk-chats.ts';

/** The newest message that somebody else wrote, by a `name` that grows with time: where the newest is deleted it is an older one, and no news. */
export function newestIncoming({ me, conversations }: ChatsSnapshot): { name: string; conversation_id: string } | null {
  return conversations.reduce<{ name: string; conversation_id: string } | null>((newest, { last_message: message }) => {
    if (!message || message.sender_id === me) return newest;
    const name = `${message.timestamp} ${message.id}`;
    return newest === null || name > newest.name ? { name, conversation_id: message.conversation_id } : newest;
  }, null);
}
