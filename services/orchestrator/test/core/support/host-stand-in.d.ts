import { type ConnectionOptions } from '@nats-io/transport-node';
import type { StartCommand } from '@vessel/proto/commands/start';
import type { StopCommand } from '@vessel/proto/commands/stop';
import { type ErrorCode } from '@vessel/proto/errors';
import type { LifecycleEvent } from '@vessel/proto/events/lifecycle';
import { type SessionId } from '@vessel/proto/ids';
import { type Reply } from '@vessel/proto/message';
import { type RequestVerb } from '@vessel/proto/subjects';
export interface HostHabits {
    /** Answers the market. */
    isBidding: boolean;
    /** What it says to `start`; null: nothing at all, though it does it. */
    startAnswer: 'yes' | ErrorCode | null;
    /** Publishes events; a host whose events get lost still beats. */
    isTelling: boolean;
    isBeating: boolean;
}
/**
 * A host as the orchestrator meets it on the bus, without machines: what it does is what a test
 * tells it. The real agent meets the real orchestrator in the tests of the whole product.
 */
export declare class HostStandIn {
    #private;
    readonly id: string & import("zod").$brand<"HostId">;
    readonly habits: HostHabits;
    readonly starts: StartCommand[];
    readonly stops: StopCommand[];
    readonly listed: Map<string & import("zod").$brand<"SessionId">, {
        session: string & import("zod").$brand<"SessionId">;
        project: string & import("zod").$brand<"ProjectId">;
        slug: string & import("zod").$brand<"ProjectSlug">;
        epoch: number;
        bootId: string & import("zod").$brand<"BootId">;
        state: "failed" | "paused" | "quarantined" | "ready" | "save-failed" | "saving" | "starting" | "stopped";
        spec: {
            cpuCount: number;
            memoryMib: number;
            diskMib: number;
        };
        ip: string | null;
        startedAt: string;
        readyAt: string | null;
        lastActivityAt: string | null;
        lastSavedAt: string | null;
        end: {
            reason: "admin_stop" | "cancelled" | "deadline" | "host_drain" | "host_lost" | "idle" | "machine_died" | "max_life" | "no_room_in_time" | "project_deleted" | "save_failed" | "start_failed" | "user_discard" | "user_exit";
            at: string;
            error?: {
                code: "ARCHIVE_CORRUPT" | "ARCHIVE_MISMATCH" | "ARCHIVE_TOO_LARGE" | "ARCHIVE_UNSAFE" | "ARCHIVE_UNSUPPORTED" | "AUTH_DOWN" | "BAD_REQUEST" | "BODY_TOO_LARGE" | "BOOT_FAILED" | "BUS_DOWN" | "CACHE_DOWN" | "CANCELLED" | "CODE_INVALID" | "COMMIT_FAILED" | "CONFLICT" | "DESTROY_FAILED" | "DISK_FULL" | "DOWNLOAD_FAILED" | "EPOCH_STALE" | "FORBIDDEN" | "GUEST_TIMEOUT" | "HOST_DRAINING" | "HOST_FULL" | "HOST_NOT_FOUND" | "HOST_UNREACHABLE" | "HYDRATE_FAILED" | "IDE_FAILED" | "INTERNAL" | "JOURNAL_FAILED" | "LEASE_LOST" | "LIMIT_MEMORY" | "LIMIT_SESSIONS" | "MACHINE_DIED" | "METHOD_NOT_ALLOWED" | "NAME_TAKEN" | "NOT_FOUND" | "NO_HOSTS" | "NO_ROOM" | "OP_IN_FLIGHT" | "ORIGIN_REFUSED" | "OVERLOADED" | "PACK_FAILED" | "PLACEMENT_FAILED" | "PROJECT_NOT_FOUND" | "RATE_LIMITED" | "ROUTE_FAILED" | "SESSION_BUSY" | "SESSION_LIVE" | "SESSION_NOT_FOUND" | "SESSION_NOT_LIVE" | "SESSION_UNKNOWN" | "SHUTTING_DOWN" | "STEP_STALLED" | "STORAGE_DOWN" | "STORE_DOWN" | "TICKET_INVALID" | "TICKET_REVOKED" | "TIMEOUT" | "TOKEN_EXPIRED" | "UNAUTHENTICATED" | "UNSUPPORTED" | "UNSUPPORTED_MEDIA" | "UPLOAD_FAILED" | "VALIDATION" | "VERSION_NOT_FOUND" | "VOLUME_FAILED";
                message: string;
                retryAfterMs?: number | undefined;
                issues?: {
                    path: string;
                    message: string;
                }[] | undefined;
            } | undefined;
        } | null;
    }>;
    private constructor();
    static start(id: string, options: ConnectionOptions): Promise<HostStandIn>;
    beat(): void;
    /** The machine of a session is up. */
    ready(session: SessionId): Promise<void>;
    /** The run is over and nothing of it is left here. */
    end(session: SessionId, error?: ErrorCode): Promise<void>;
    tell(session: SessionId, event: LifecycleEvent): Promise<void>;
    /** Asks an orchestrator something, as this host or in the name of another. */
    ask(verb: RequestVerb, request: object, as?: string): Promise<Reply<unknown>>;
    stop(): Promise<void>;
}
