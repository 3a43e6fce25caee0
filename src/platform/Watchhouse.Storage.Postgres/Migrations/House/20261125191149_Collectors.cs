using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Postgres.Migrations.House
{
    /// <inheritdoc />
    public partial class Collectors : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Collectors",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Version = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Source = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    ClientId = table.Column<Guid>(type: "uuid", nullable: false),
                    Credential = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    SealedCredential = table.Column<string>(type: "character varying(32000)", maxLength: 32000, nullable: true),
                    CredentialFile = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    CredentialExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Streams = table.Column<List<string>>(type: "text[]", nullable: false),
                    Address = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Group = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    EverySeconds = table.Column<int>(type: "integer", nullable: false),
                    Enabled = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    CreatedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Collectors", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CollectedBlobs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    CollectorId = table.Column<Guid>(type: "uuid", nullable: false),
                    WindowId = table.Column<Guid>(type: "uuid", nullable: false),
                    Key = table.Column<Guid>(type: "uuid", nullable: false),
                    Address = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    FetchedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Lost = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CollectedBlobs", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CollectedBlobs_Collectors_CollectorId",
                        column: x => x.CollectorId,
                        principalTable: "Collectors",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "CollectorStatuses",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    NextRunAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    LastRunAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LastSuccessAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Failures = table.Column<int>(type: "integer", nullable: false),
                    Problem = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    ProblemSince = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CollectorStatuses", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CollectorStatuses_Collectors_Id",
                        column: x => x.Id,
                        principalTable: "Collectors",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "CollectorStreams",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    CollectorId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    PlannedTo = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    OnAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    NextOffset = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CollectorStreams", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CollectorStreams_Collectors_CollectorId",
                        column: x => x.CollectorId,
                        principalTable: "Collectors",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "CoverageWindows",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    CollectorId = table.Column<Guid>(type: "uuid", nullable: false),
                    Stream = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    From = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    To = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    Pass = table.Column<int>(type: "integer", nullable: false),
                    Cursor = table.Column<string>(type: "character varying(8000)", maxLength: 8000, nullable: true),
                    Listed = table.Column<long>(type: "bigint", nullable: false),
                    Fetched = table.Column<long>(type: "bigint", nullable: false),
                    Late = table.Column<long>(type: "bigint", nullable: false),
                    Events = table.Column<long>(type: "bigint", nullable: false),
                    NextAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    Problem = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    FetchedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ReconciledAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CoverageWindows", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CoverageWindows_Collectors_CollectorId",
                        column: x => x.CollectorId,
                        principalTable: "Collectors",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "CollectedEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    CollectorId = table.Column<Guid>(type: "uuid", nullable: false),
                    WindowId = table.Column<Guid>(type: "uuid", nullable: false),
                    Keys = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CollectedEvents", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CollectedEvents_CoverageWindows_WindowId",
                        column: x => x.WindowId,
                        principalTable: "CoverageWindows",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_CollectedBlobs_CollectorId_Key",
                table: "CollectedBlobs",
                columns: new[] { "CollectorId", "Key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CollectedBlobs_ForceId",
                table: "CollectedBlobs",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_CollectedBlobs_WindowId",
                table: "CollectedBlobs",
                column: "WindowId");

            migrationBuilder.CreateIndex(
                name: "IX_CollectedEvents_ForceId",
                table: "CollectedEvents",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_CollectedEvents_WindowId",
                table: "CollectedEvents",
                column: "WindowId");

            migrationBuilder.CreateIndex(
                name: "IX_Collectors_ForceId",
                table: "Collectors",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_CollectorStatuses_ForceId",
                table: "CollectorStatuses",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_CollectorStatuses_NextRunAt",
                table: "CollectorStatuses",
                column: "NextRunAt");

            migrationBuilder.CreateIndex(
                name: "IX_CollectorStreams_CollectorId_Name",
                table: "CollectorStreams",
                columns: new[] { "CollectorId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CollectorStreams_ForceId",
                table: "CollectorStreams",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_CoverageWindows_CollectorId_NextAt",
                table: "CoverageWindows",
                columns: new[] { "CollectorId", "NextAt" });

            migrationBuilder.CreateIndex(
                name: "IX_CoverageWindows_CollectorId_Stream_From",
                table: "CoverageWindows",
                columns: new[] { "CollectorId", "Stream", "From" });

            migrationBuilder.CreateIndex(
                name: "IX_CoverageWindows_ForceId",
                table: "CoverageWindows",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_CoverageWindows_ForceId_State",
                table: "CoverageWindows",
                columns: new[] { "ForceId", "State" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CollectedBlobs");

            migrationBuilder.DropTable(
                name: "CollectedEvents");

            migrationBuilder.DropTable(
                name: "CollectorStatuses");

            migrationBuilder.DropTable(
                name: "CollectorStreams");

            migrationBuilder.DropTable(
                name: "CoverageWindows");

            migrationBuilder.DropTable(
                name: "Collectors");
        }
    }
}
