using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Postgres.Migrations.House
{
    /// <inheritdoc />
    public partial class Clocks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "ClockContacts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Order = table.Column<int>(type: "integer", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    AfterMinutes = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ClockContacts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ClockEntries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    ClockId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    By = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ClockEntries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ClockSettings",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    IsAlways = table.Column<bool>(type: "boolean", nullable: false),
                    Days = table.Column<List<string>>(type: "text[]", nullable: false),
                    FromMinute = table.Column<int>(type: "integer", nullable: false),
                    UntilMinute = table.Column<int>(type: "integer", nullable: false),
                    Holidays = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    ChangedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ClockSettings", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "IncidentClocks",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Severity = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Stage = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Due = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    NextAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IncidentClocks", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ClockContacts_ForceId",
                table: "ClockContacts",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_ClockContacts_ForceId_Order",
                table: "ClockContacts",
                columns: new[] { "ForceId", "Order" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ClockEntries_ClockId_At",
                table: "ClockEntries",
                columns: new[] { "ClockId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_ClockEntries_ForceId",
                table: "ClockEntries",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_ClockSettings_ForceId",
                table: "ClockSettings",
                column: "ForceId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_IncidentClocks_ForceId",
                table: "IncidentClocks",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_IncidentClocks_NextAt",
                table: "IncidentClocks",
                column: "NextAt");

            migrationBuilder.CreateIndex(
                name: "IX_IncidentClocks_State_Due",
                table: "IncidentClocks",
                columns: new[] { "State", "Due" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ClockContacts");

            migrationBuilder.DropTable(
                name: "ClockEntries");

            migrationBuilder.DropTable(
                name: "ClockSettings");

            migrationBuilder.DropTable(
                name: "IncidentClocks");
        }
    }
}
