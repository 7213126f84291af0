/** Document URIs as paths: file URIs become paths of this system, others keep their text. */
import { fileURLToPath } from 'node:url';

export const URI = {
  toPath(uri: string): string {
    return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
  },
};
