/**
 * A refusal in the words of Supabase Storage: the true status stands in the body as a string, and
 * HTTP says 400 for all of them but a fault of the server. TUS routes say the true status.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly status: number
  readonly code: string
  readonly title: string

  constructor(status: number, code: string, title: string, message: string) {
    super(message)
    this.status = status
    this.code = code
    this.title = title
  }

  get httpStatus(): number {
    return this.status >= 500 ? this.status : 400
  }

  toBody(): Record<string, string> {
    return {
      statusCode: String(this.status),
      code: this.code,
      error: this.title,
      message: this.message,
    }
  }
}

export const storageErrors = {
  noSuchBucket: () => new StorageError(404, 'NoSuchBucket', 'Bucket not found', 'Bucket not found'),
  noSuchKey: () => new StorageError(404, 'NoSuchKey', 'not_found', 'Object not found'),
  noSuchUpload: () => new StorageError(404, 'NoSuchUpload', 'not_found', 'Upload not found'),
  duplicate: () =>
    new StorageError(409, 'ResourceAlreadyExists', 'Duplicate', 'The resource already exists'),
  duplicateBucket: () =>
    new StorageError(409, 'ResourceAlreadyExists', 'Duplicate', 'The resource already exists'),
  notEmpty: () =>
    new StorageError(
      409,
      'BucketNotEmpty',
      'InvalidRequest',
      'The bucket you tried to delete is not empty',
    ),
  accessDenied: (message = 'new row violates row-level security policy') =>
    new StorageError(403, 'AccessDenied', 'Unauthorized', message),
  invalidJwt: (message: string) => new StorageError(400, 'InvalidJWT', 'InvalidJWT', message),
  noToken: () =>
    new StorageError(
      400,
      'InvalidRequest',
      'Error',
      "headers must have required property 'authorization'",
    ),
  invalidSignature: (message = 'Invalid signature') =>
    new StorageError(400, 'InvalidSignature', 'InvalidSignature', message),
  invalidKey: (name: string) =>
    new StorageError(400, 'InvalidKey', 'InvalidKey', `Invalid key: ${name.slice(0, 200)}`),
  invalid: (message: string) => new StorageError(400, 'InvalidRequest', 'invalid_request', message),
  tooLarge: () =>
    new StorageError(
      413,
      'EntityTooLarge',
      'Payload too large',
      'The object exceeded the maximum allowed size',
    ),
  mimeType: (type: string) =>
    new StorageError(
      415,
      'InvalidMimeType',
      'invalid_mime_type',
      `mime type ${type.slice(0, 100)} is not supported`,
    ),
  incomplete: () =>
    new StorageError(400, 'InvalidRequest', 'invalid_request', 'the body ended before its length'),
  range: () =>
    new StorageError(416, 'InvalidRange', 'InvalidRange', 'The requested range is not satisfiable'),
  unsupported: (what: string) =>
    new StorageError(
      501,
      'NotImplemented',
      'not_implemented',
      `the local Supabase stand-in does not support ${what}`,
    ),
} as const
