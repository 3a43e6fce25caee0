using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Sqlite.Migrations.House
{
    /// <inheritdoc />
    public partial class Shifts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "HandOverNotes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    WrittenById = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    WrittenBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    WrittenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Generated = table.Column<string>(type: "TEXT", maxLength: 20000, nullable: false),
                    Words = table.Column<string>(type: "TEXT", maxLength: 20000, nullable: false),
                    GivenAt = table.Column<long>(type: "INTEGER", nullable: true),
                    SeenBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HandOverNotes", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "OnCallSpans",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Reach = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Order = table.Column<int>(type: "INTEGER", nullable: false),
                    StartsAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndsAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OnCallSpans", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Shifts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    StartsAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndsAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Team = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    LeadId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Lead = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    PersonIds = table.Column<string>(type: "TEXT", nullable: false),
                    People = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Shifts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Watches",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    PersonId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Person = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Watches", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "WatchTurns",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Person = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    TakenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    From = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    NoteId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WatchTurns", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_HandOverNotes_ForceId",
                table: "HandOverNotes",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_HandOverNotes_ForceId_WrittenAt",
                table: "HandOverNotes",
                columns: new[] { "ForceId", "WrittenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_OnCallSpans_ForceId",
                table: "OnCallSpans",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_OnCallSpans_ForceId_EndsAt",
                table: "OnCallSpans",
                columns: new[] { "ForceId", "EndsAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Shifts_ForceId",
                table: "Shifts",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_Shifts_ForceId_StartsAt",
                table: "Shifts",
                columns: new[] { "ForceId", "StartsAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Watches_ForceId",
                table: "Watches",
                column: "ForceId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_WatchTurns_ForceId",
                table: "WatchTurns",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_WatchTurns_ForceId_TakenAt",
                table: "WatchTurns",
                columns: new[] { "ForceId", "TakenAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "HandOverNotes");

            migrationBuilder.DropTable(
                name: "OnCallSpans");

            migrationBuilder.DropTable(
                name: "Shifts");

            migrationBuilder.DropTable(
                name: "Watches");

            migrationBuilder.DropTable(
                name: "WatchTurns");
        }
    }
}
