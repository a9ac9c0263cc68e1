/** Eight hexadecimal digits by which a backup of the gateway is known. */
export function newTag(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(4))).toString('hex');
}

/** A folder that no other backup has: the vendor wants an empty one. Shape: `backupgraph-YYYYMMDD-HHMMSS-<tag>`, in UTC. */
export function ownFolder(tag: string, now: Date): string {
  const digits = now.toISOString().replaceAll(/\D/g, '');
  return `backupgraph-${digits.slice(0, 8)}-${digits.slice(8, 14)}-${tag}`;
}

/** The caller's comment with our mark behind it. */
export function ownComment(comment: string | undefined, tag: string): string {
  const mark = `backupgraph ${tag}`;
  return comment === undefined || comment === '' ? mark : `${comment} ${mark}`;
}
