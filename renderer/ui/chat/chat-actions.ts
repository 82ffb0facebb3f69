/** What a person does in a conversation; the page that owns the conversation says how. */
export interface ChatActions {
  onSend: (text: string) => void;
  /** At each key. */
  onTyping: () => void;
  onRetry: (key: string) => void;
  onDiscard: (key: string) => void;
  /** Answers whether the server took it. */
  onEdit: (id: string, text: string) => Promise<boolean>;
  onDelete: (id: string) => void;
  onOlder: () => void;
  onReload: () => void;
  onAttach: (files: readonly File[]) => void;
  onRetryFile: (id: string) => void;
  onCancelFile: (id: string) => void;
  onOpenImage: (url: string) => void;
  onSaveFile: (url: string, name: string) => void;
}
