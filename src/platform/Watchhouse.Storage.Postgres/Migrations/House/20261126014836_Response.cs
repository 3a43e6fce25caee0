using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Postgres.Migrations.House
{
    /// <inheritdoc />
    public partial class Response : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "EstateDecisions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    RequestId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Person = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Agrees = table.Column<bool>(type: "boolean", nullable: false),
                    Reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EstateDecisions", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "EstateLimits",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Version = table.Column<long>(type: "bigint", nullable: false),
                    Never = table.Column<List<string>>(type: "text[]", nullable: false),
                    ServersToo = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EstateLimits", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "EstateRegistrations",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Version = table.Column<long>(type: "bigint", nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    ClientId = table.Column<Guid>(type: "uuid", nullable: false),
                    Credential = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    SealedCredential = table.Column<string>(type: "character varying(32000)", maxLength: 32000, nullable: true),
                    CredentialFile = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    CredentialExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Kinds = table.Column<List<string>>(type: "text[]", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    CreatedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    CheckedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CheckProblem = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EstateRegistrations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "EstateRequests",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    RunId = table.Column<Guid>(type: "uuid", nullable: false),
                    Step = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    StepName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Target = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    Detail = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    Undoes = table.Column<Guid>(type: "uuid", nullable: true),
                    Severity = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Changes = table.Column<string>(type: "text", nullable: false),
                    Effects = table.Column<string>(type: "text", nullable: false),
                    CanBeUndone = table.Column<bool>(type: "boolean", nullable: false),
                    RequestedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    RequestedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    RequestedById = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Why = table.Column<string>(type: "text", nullable: false),
                    Needed = table.Column<int>(type: "integer", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    BeginBy = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    AuthorityId = table.Column<Guid>(type: "uuid", nullable: true),
                    Sent = table.Column<int>(type: "integer", nullable: false),
                    Looks = table.Column<int>(type: "integer", nullable: false),
                    NextAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    FirstSentAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    DoneAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Words = table.Column<string>(type: "text", nullable: false),
                    Request = table.Column<string>(type: "text", nullable: false),
                    Answer = table.Column<string>(type: "text", nullable: false),
                    Undo = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EstateRequests", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Notices",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Key = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Severity = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Words = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Link = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Roles = table.Column<List<string>>(type: "text[]", nullable: false),
                    People = table.Column<List<Guid>>(type: "uuid[]", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SentOutAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Notices", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "PlaybookRunEntries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    RunId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    By = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Step = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Words = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlaybookRunEntries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "PlaybookRuns",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    PlaybookId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Playbook = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    Status = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Severity = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    AlertId = table.Column<Guid>(type: "uuid", nullable: true),
                    IncidentId = table.Column<Guid>(type: "uuid", nullable: true),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    StartedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlaybookRuns", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "StandingAuthorities",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Purpose = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    Kinds = table.Column<List<string>>(type: "text[]", nullable: false),
                    Target = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    MostPerDay = table.Column<int>(type: "integer", nullable: false),
                    LeastSeverity = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    GrantedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    GrantedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    GrantedById = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    ConfirmedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    ConfirmedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    RevokedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    RevokedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    RevokedBecause = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    UsedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StandingAuthorities", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_EstateDecisions_ForceId",
                table: "EstateDecisions",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_EstateDecisions_RequestId_PersonId",
                table: "EstateDecisions",
                columns: new[] { "RequestId", "PersonId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_EstateLimits_ForceId",
                table: "EstateLimits",
                column: "ForceId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_EstateRegistrations_ForceId",
                table: "EstateRegistrations",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_EstateRequests_AuthorityId_RequestedAt",
                table: "EstateRequests",
                columns: new[] { "AuthorityId", "RequestedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_EstateRequests_ForceId",
                table: "EstateRequests",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_EstateRequests_ForceId_State",
                table: "EstateRequests",
                columns: new[] { "ForceId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_EstateRequests_NextAt",
                table: "EstateRequests",
                column: "NextAt");

            migrationBuilder.CreateIndex(
                name: "IX_EstateRequests_RunId",
                table: "EstateRequests",
                column: "RunId");

            migrationBuilder.CreateIndex(
                name: "IX_Notices_ForceId",
                table: "Notices",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_Notices_ForceId_Key",
                table: "Notices",
                columns: new[] { "ForceId", "Key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Notices_SentOutAt_CreatedAt",
                table: "Notices",
                columns: new[] { "SentOutAt", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_PlaybookRunEntries_ForceId",
                table: "PlaybookRunEntries",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_PlaybookRunEntries_RunId_At",
                table: "PlaybookRunEntries",
                columns: new[] { "RunId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_PlaybookRuns_AlertId",
                table: "PlaybookRuns",
                column: "AlertId");

            migrationBuilder.CreateIndex(
                name: "IX_PlaybookRuns_ForceId",
                table: "PlaybookRuns",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_PlaybookRuns_ForceId_StartedAt",
                table: "PlaybookRuns",
                columns: new[] { "ForceId", "StartedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_PlaybookRuns_IncidentId",
                table: "PlaybookRuns",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_PlaybookRuns_StartedAt",
                table: "PlaybookRuns",
                column: "StartedAt");

            migrationBuilder.CreateIndex(
                name: "IX_StandingAuthorities_ForceId",
                table: "StandingAuthorities",
                column: "ForceId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "EstateDecisions");

            migrationBuilder.DropTable(
                name: "EstateLimits");

            migrationBuilder.DropTable(
                name: "EstateRegistrations");

            migrationBuilder.DropTable(
                name: "EstateRequests");

            migrationBuilder.DropTable(
                name: "Notices");

            migrationBuilder.DropTable(
                name: "PlaybookRunEntries");

            migrationBuilder.DropTable(
                name: "PlaybookRuns");

            migrationBuilder.DropTable(
                name: "StandingAuthorities");
        }
    }
}
