UPDATE "projection" SET "tried_at" = now() WHERE "uncertain";--> statement-breakpoint
ALTER TABLE "projection" DROP COLUMN "uncertain";--> statement-breakpoint
UPDATE "act" SET "tried_at" = now() WHERE "tries" > 0;
